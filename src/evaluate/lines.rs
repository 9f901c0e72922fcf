//! Reading segments to score, a line each.

/// Why texts cannot be scored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is not UTF-8.
    #[error("{file}:{line}: is not UTF-8; convert the file to UTF-8 first")]
    NotUtf8 {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
    },
    /// The files do not have the same number of lines.
    #[error(
        "{hypothesis} has {hypotheses} lines but {reference} has {references}; a hypothesis and \
         its references must have the same lines in the same order"
    )]
    LineCounts {
        /// The hypothesis file.
        hypothesis: String,
        /// Its lines.
        hypotheses: usize,
        /// The reference file.
        reference: String,
        /// Its lines.
        references: usize,
    },
    /// There is nothing to score.
    #[error("{file} is empty: there is nothing to score")]
    Empty {
        /// The file.
        file: String,
    },
    /// No reference was given.
    #[error("no reference to score against; give at least one")]
    NoReference,
}

/// The text of a file.
///
/// # Errors
/// [`Error::NotUtf8`] names the first line that is not UTF-8. `file` names the file in it.
pub fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Error> {
    crate::text::utf8(bytes).map_err(|line| Error::NotUtf8 {
        file: file.into(),
        line,
    })
}

/// The lines of a file, parted at line feeds alone and without white space at their ends, as
/// sacreBLEU reads them.
///
/// # Errors
/// [`Error::NotUtf8`] names the first line that is not UTF-8. `file` names the file in it.
pub fn lines<'a>(file: &str, bytes: &'a [u8]) -> Result<Vec<&'a str>, Error> {
    let text = text(file, bytes)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(text
        .split('\n')
        .map(|line| line.trim_end_matches(is_space))
        .collect())
}

/// The references alone, after checking that each has the lines of the hypothesis and that there
/// is something to score.
///
/// # Errors
/// [`Error::Empty`], [`Error::NoReference`] or [`Error::LineCounts`].
pub fn same_lines<'a>(
    hypothesis: &str,
    hypotheses: &[&str],
    references: Vec<(&str, Vec<&'a str>)>,
) -> Result<Vec<Vec<&'a str>>, Error> {
    if hypotheses.is_empty() {
        return Err(Error::Empty {
            file: hypothesis.into(),
        });
    }
    if references.is_empty() {
        return Err(Error::NoReference);
    }
    references
        .into_iter()
        .map(|(reference, lines)| {
            if lines.len() == hypotheses.len() {
                return Ok(lines);
            }
            Err(Error::LineCounts {
                hypothesis: hypothesis.into(),
                hypotheses: hypotheses.len(),
                reference: reference.into(),
                references: lines.len(),
            })
        })
        .collect()
}

/// White space as Python's `str.split` has it: Unicode's, and the four information separators.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_part_at_line_feeds_alone() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("\n", &[""]),
            ("a", &["a"]),
            (
                "a \r\n\u{2028}b\u{1c}\n\nc\x0cd",
                &["a", "\u{2028}b", "", "c\x0cd"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(&lines("f", text.as_bytes()).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn an_error_names_the_line_that_is_not_utf8() {
        let error = lines("h.en", b"one\ntwo\xff\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "h.en:2: is not UTF-8; convert the file to UTF-8 first"
        );
    }
}
