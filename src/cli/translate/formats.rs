//! How the options say what the inputs are.

use anyhow::{Context, bail};
use clap::ValueEnum;
use visavis::corpus::{Found, Settings};
use visavis::document::records::{Columns, Field, Kind, Layout};
use visavis::language::Language;

use super::super::options::InputFormat as DocumentFormat;

/// What the inputs are, and what of them is translated.
#[derive(clap::Args, Debug, Clone)]
pub struct FormatOptions {
    /// The inputs' format [default: guessed from each file's name].
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// Of JSON Lines: the field to translate; may be given more than once.
    #[arg(long, value_name = "NAME", conflicts_with = "columns")]
    field: Vec<String>,
    /// Of a table: the column to translate, by its number from 1 on, or by its name in the first
    /// row; may be given more than once.
    #[arg(long = "column", value_name = "N|NAME")]
    columns: Vec<String>,
    /// The field or column that the translation goes into; the same as is translated replaces it
    /// [default: its name with the language's code: body.en].
    #[arg(long, value_name = "NAME")]
    output_field: Option<String>,
    /// The table's first row names its columns, also where the column is given by number.
    #[arg(long, requires = "columns")]
    header: bool,
    /// What stands between the cells of a CSV table [default: guessed from its first row].
    #[arg(long, value_name = "CHAR", requires = "columns", value_parser = delimiter)]
    delimiter: Option<u8>,
}

/// Formats that are translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InputFormat {
    /// Plain text: blank lines part paragraphs.
    Text,
    /// One segment a line; the line count is kept.
    Lines,
    /// JSON Lines: an object a line; needs --field.
    Jsonl,
    /// A table with tabs between cells, and no quoting; needs --column.
    Tsv,
    /// A table with quoted cells; needs --column.
    Csv,
    /// A Parquet table; needs --column.
    Parquet,
}

impl FormatOptions {
    /// Whether a field or column is to be translated.
    pub fn names_fields(&self) -> bool {
        !self.field.is_empty() || !self.columns.is_empty()
    }

    /// What a file is: as said, or by its name, or by what is asked for.
    fn kind(&self, file: &Found) -> Kind {
        match self.input_format {
            Some(InputFormat::Text) => Kind::Text,
            Some(InputFormat::Lines) => Kind::Lines,
            Some(InputFormat::Jsonl) => Kind::Jsonl,
            Some(InputFormat::Tsv) => Kind::Tsv,
            Some(InputFormat::Csv) => Kind::Csv,
            Some(InputFormat::Parquet) => Kind::Parquet,
            None => match Kind::guess(&file.path) {
                Kind::Text | Kind::Lines if file.in_folder => Kind::guess(&file.path),
                Kind::Text | Kind::Lines if !self.field.is_empty() => Kind::Jsonl,
                Kind::Text | Kind::Lines if !self.columns.is_empty() => Kind::Tsv,
                kind => kind,
            },
        }
    }

    /// What a file is that is to become a bitext.
    ///
    /// # Errors
    /// Where it is a table.
    pub fn document(&self, file: &Found) -> anyhow::Result<DocumentFormat> {
        match self.kind(file) {
            Kind::Text => Ok(DocumentFormat::Text),
            Kind::Lines => Ok(DocumentFormat::Lines),
            // Most often the field was forgotten, and the output is named as a table.
            Kind::Jsonl if !self.names_fields() => bail!(
                "{} is JSON Lines: say which field to translate with --field NAME",
                file.path.display()
            ),
            Kind::Tsv | Kind::Csv | Kind::Parquet if !self.names_fields() => bail!(
                "{} is a table: say which column to translate with --column N|NAME",
                file.path.display()
            ),
            Kind::Jsonl | Kind::Tsv | Kind::Csv | Kind::Parquet => bail!(
                "{} is a table, which gives no bitext; --output-format text keeps its format",
                file.path.display()
            ),
        }
    }

    /// How a file is read.
    ///
    /// # Errors
    /// Where it is not said which field or column to translate, or which goes where.
    pub fn layout(&self, file: &Found, to: &Language) -> anyhow::Result<Layout> {
        let name = file.path.display();
        let columns = || -> anyhow::Result<Columns> {
            Ok(Columns {
                fields: self.fields(&self.columns, to).with_context(|| {
                    format!("{name} is a table: say which column to translate with --column N|NAME")
                })?,
                header: self.header,
                delimiter: self.delimiter,
            })
        };
        if self.output_field.is_some() && self.field.len() + self.columns.len() > 1 {
            bail!("--output-field goes with one --field or --column");
        }
        Ok(match self.kind(file) {
            Kind::Text => Layout::Text,
            Kind::Lines => Layout::Lines,
            Kind::Jsonl => Layout::Jsonl(self.fields(&self.field, to).with_context(|| {
                format!("{name} is JSON Lines: say which field to translate with --field NAME")
            })?),
            Kind::Tsv => Layout::Tsv(columns()?),
            Kind::Csv => Layout::Csv(columns()?),
            Kind::Parquet => Layout::Parquet(columns()?),
        })
    }

    fn fields(&self, names: &[String], to: &Language) -> Option<Vec<Field>> {
        let field = |name: &String| Field {
            name: name.clone(),
            output: match &self.output_field {
                Some(output) => output.clone(),
                None => format!("{name}.{to}"),
            },
        };
        (!names.is_empty()).then(|| names.iter().map(field).collect())
    }

    /// What of them makes a job what it is.
    pub fn settings(&self, settings: &mut Settings) {
        let format = self.input_format.and_then(|f| f.to_possible_value());
        let format = format.map(|value| value.get_name().to_owned());
        let delimiter = self.delimiter.map(|byte| char::from(byte).to_string());
        let said = [
            ("input format", format),
            ("field", Some(self.field.join(", "))),
            ("column", Some(self.columns.join(", "))),
            ("output field", self.output_field.clone()),
            ("header", self.header.then(|| "a row of names".to_owned())),
            ("delimiter", delimiter),
        ];
        for (name, value) in said {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                settings.insert(name.into(), value);
            }
        }
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("\\t" | "tab", _) => Ok(b'\t'),
        (_, &[byte]) if !matches!(byte, b'"' | b'\n' | b'\r') => Ok(byte),
        _ => Err("one character such as , ; | or tab".into()),
    }
}
