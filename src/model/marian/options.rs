//! The options that a Marian model was trained with: the part of YAML that Marian writes them in.

use std::collections::HashMap;

/// The options of a model: each a value, or a list of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options(HashMap<String, Vec<String>>);

impl Options {
    /// Reads `key: value` and `key:` with `- value` lines below it; what it does not know it
    /// passes over.
    pub fn parse(text: &str) -> Self {
        let mut options: HashMap<String, Vec<String>> = HashMap::new();
        let mut last = None;
        for line in text.lines() {
            let content = line.trim();
            if let Some(value) = content.strip_prefix("- ") {
                let list = last.as_ref().and_then(|key| options.get_mut(key));
                list.into_iter()
                    .for_each(|list| list.push(unquoted(value).to_owned()));
            } else if let Some((key, value)) = line.split_once(':')
                && !line.starts_with([' ', '#', '-'])
            {
                let values = match value.trim() {
                    "" | "[]" => Vec::new(),
                    value => match value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
                        Some(list) => list.split(',').map(|v| unquoted(v).to_owned()).collect(),
                        None => vec![unquoted(value).to_owned()],
                    },
                };
                options.insert(key.to_owned(), values);
                last = Some(key.to_owned());
            }
        }
        Self(options)
    }

    /// The values of an option; none where it is not stated.
    pub fn list(&self, key: &str) -> Option<&[String]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// The value of an option; none where it is not stated, or is a list of several.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.list(key)? {
            [] => Some(""),
            [value] => Some(value),
            _ => None,
        }
    }

    /// The whole number that an option is, or `default` where it is not stated; what is wrong
    /// with it otherwise.
    pub fn number(&self, key: &str, default: Option<usize>) -> Result<usize, String> {
        match (self.list(key), default) {
            (None, Some(default)) => Ok(default),
            (None, None) => Err(format!("the option {key} is missing")),
            (Some(values), _) => match values {
                [value] => value.parse().ok(),
                _ => None,
            }
            .ok_or_else(|| format!("{key} is {values:?}, which is no number")),
        }
    }
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let quoted = |mark| value.strip_prefix(mark)?.strip_suffix(mark);
    quoted('"').or_else(|| quoted('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_lists_and_quotes_are_read() {
        let options = Options::parse(
            "dim-emb: 256\ndim-vocabs:\n  - 32000\n  - 64000\nheads:\n- 8\ninput-types: []\n\
             pair: [1, 2]\ntransformer-preprocess: \"\"\ntype: 'transformer'\n# none: 1\n\
             version: v1.9.56 94aeaa46 2021-04-28 00:28:35 +0100\ninner:\n  key: value\n",
        );
        assert_eq!(options.number("dim-emb", None), Ok(256));
        assert_eq!(options.list("dim-vocabs").unwrap(), ["32000", "64000"]);
        assert_eq!(options.number("heads", None), Ok(8));
        assert_eq!(options.list("pair").unwrap(), ["1", "2"]);
        for empty in ["input-types", "transformer-preprocess", "inner"] {
            assert_eq!(options.text(empty).unwrap(), "", "{empty}");
        }
        assert_eq!(options.text("type"), Some("transformer"));
        assert!(options.text("version").unwrap().ends_with(":35 +0100"));
        assert_eq!(options.text("key"), None);
        assert_eq!(options.number("missing", Some(3)), Ok(3));
        for wrong in ["missing", "type", "dim-vocabs", "input-types"] {
            assert!(options.number(wrong, None).unwrap_err().contains(wrong));
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([a-z:\\-\\[\\], \"'\n#]|\\PC){0,80}") {
            let _ = Options::parse(&text);
        }
    }
}
