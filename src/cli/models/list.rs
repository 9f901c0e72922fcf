//! `visavis models list`: a table of what is here and what can be had.

use std::io::{self, BufWriter, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use visavis::model::Kept;
use visavis::model::catalog::Catalog;
use visavis::model::store::{Installed, Store};

use super::megabytes;

pub(super) fn list(store: &Store) -> anyhow::Result<()> {
    let catalog = Catalog::in_use()?;
    let installed = store.list()?;
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["MODEL", "FROM", "TO", "SIZE", "STATE", "LICENCE"]);
    for Installed { name, path, model } in &installed {
        match model {
            Ok(model) => {
                let header = model.header();
                table.add_row([
                    name,
                    header.from.code(),
                    header.to.code(),
                    &megabytes(model.size()),
                    "installed",
                    &header.licence,
                ]);
            }
            Err(_) => {
                let size = path.metadata().map_or(0, |metadata| metadata.len());
                let size = megabytes(size);
                table.add_row([
                    name,
                    "?",
                    "?",
                    &size,
                    "damaged: pull or import it again",
                    "",
                ]);
            }
        }
    }
    let kept = store.list_kept()?;
    for (name, kept) in &kept {
        if installed.iter().any(|model| model.name == *name) {
            continue;
        }
        match kept {
            Ok(kept) => {
                let (from, to) = kept_languages(kept);
                let size = megabytes(kept.size());
                let state = "for rust-bert";
                table.add_row([name, &from, &to, &size, state, &kept.card().licence]);
            }
            Err(_) => {
                table.add_row([name, "?", "?", "", "damaged: pull or import it again", ""]);
            }
        }
    }
    for entry in &catalog.models {
        let is_here = |name: &String| *name == entry.name;
        if !installed.iter().any(|model| is_here(&model.name))
            && !kept.iter().any(|(name, _)| is_here(name))
        {
            table.add_row([
                &entry.name,
                entry.from.code(),
                entry.to.code(),
                &megabytes(entry.size()),
                "can be pulled",
                &entry.licence,
            ]);
        }
    }
    for entry in &catalog.encoders {
        let state = match store.find_encoder(&entry.name) {
            Some(_) => "installed",
            None => "can be pulled",
        };
        table.add_row([
            &entry.name,
            &format!("{} languages", entry.languages.len()),
            "",
            &megabytes(entry.package.size),
            state,
            &entry.licence,
        ]);
    }
    if let Some(column) = table.column_mut(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut output = BufWriter::new(io::stdout().lock());
    writeln!(output, "{}", table.trim_fmt())?;
    writeln!(output, "\nModels lie in {}", store.root().display())?;
    output.flush()?;
    Ok(())
}

/// The languages of a model for rust-bert, for a table.
pub(super) fn kept_languages(kept: &Kept) -> (String, String) {
    match &kept.card().languages {
        Some((from, to)) => (from.to_string(), to.to_string()),
        None => ("many".into(), "many".into()),
    }
}
