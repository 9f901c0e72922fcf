//! Alignments as lists of line numbers, a link a line: `[0, 1]:[0]`, as gold alignments and
//! Vecalign write them.

use std::fmt::Write as _;

/// Lines of two files that belong together, counted from 0; a side may be empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// Lines of the source.
    pub source: Vec<usize>,
    /// Lines of the target.
    pub target: Vec<usize>,
}

/// A line of a list of links is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{file}:{line}: “{text}” is no link; a link is two lists of line numbers that count from 0, \
     such as [0, 1]:[0]"
)]
pub struct Error {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there, up to a few words.
    pub text: String,
}

impl Link {
    /// Reads `[0, 1]:[0]`; what follows a further colon, as the cost that Vecalign writes there, is
    /// passed over.
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split(':');
        Some(Self {
            source: list(fields.next()?)?,
            target: list(fields.next()?)?,
        })
    }
}

impl std::fmt::Display for Link {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (side, numbers) in [&self.source, &self.target].into_iter().enumerate() {
            out.write_str(if side == 0 { "[" } else { ":[" })?;
            for (place, number) in numbers.iter().enumerate() {
                out.write_str(if place == 0 { "" } else { "," })?;
                write!(out, "{number}")?;
            }
            out.write_char(']')?;
        }
        Ok(())
    }
}

/// Reads a list of links; empty lines are passed over.
///
/// # Errors
/// [`Error`] for the first line that is no link.
pub fn read(file: &str, text: &str) -> Result<Vec<Link>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let link = |(number, line): (usize, &str)| {
        Link::parse(line).ok_or_else(|| Error {
            file: file.into(),
            line: number + 1,
            text: line.chars().take(40).collect(),
        })
    };
    lines.map(link).collect()
}

fn list(text: &str) -> Option<Vec<usize>> {
    let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    if inside.trim().is_empty() {
        return Some(Vec::new());
    }
    // A comma after the last number is allowed, as Python allows it.
    let inside = inside.trim_end().strip_suffix(',').unwrap_or(inside);
    let number = |text: &str| text.trim().parse().ok();
    inside.split(',').map(number).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link(source: &[usize], target: &[usize]) -> Link {
        Link {
            source: source.into(),
            target: target.into(),
        }
    }

    #[test]
    fn links_are_read_as_others_write_them() {
        let text = "\u{feff}[0]:[0]\n\n [1, 2] : [ 1 ] \r\n[3,4,]:[]:0.271\n[]:[2]\n";
        let expected = [
            link(&[0], &[0]),
            link(&[1, 2], &[1]),
            link(&[3, 4], &[]),
            link(&[], &[2]),
        ];
        assert_eq!(read("a", text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_link_is_told() {
        for wrong in [
            "0:0", "[0]", "[0]:[a]", "[-1]:[0]", "[0:0]", "[0]:0]", "[,]:[0]",
        ] {
            let error = read("gold", &format!("[0]:[0]\n{wrong}\n")).unwrap_err();
            assert!(error.to_string().starts_with("gold:2: “"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn links_survive_writing(source: Vec<usize>, target: Vec<usize>) {
            let link = Link { source, target };
            prop_assert_eq!(Link::parse(&link.to_string()), Some(link));
        }

        #[test]
        fn reading_never_panics(text: String) {
            let _ = read("a", &text);
        }
    }
}
