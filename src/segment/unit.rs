//! Words with the punctuation that belongs to them: what sentence boundaries lie between.

/// A word and what clings to it: `« Bonjour » !` is one unit though spaces stand in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit<'a> {
    /// Opening punctuation, with the white space after it.
    pub open: &'a str,
    /// From the first letter, digit or symbol to the last; empty for a lone dash or bullet.
    pub core: &'a str,
    /// Closing punctuation, with the white space before it.
    pub close: &'a str,
    /// Where the unit begins in the block, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// Whether a line of the block ends between it and the next.
    pub ends_line: bool,
}

/// What the punctuation after a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// Nothing stands there.
    Nothing,
    /// Only quotation marks and brackets.
    Closer,
    Comma,
    Semicolon,
    Colon,
    /// A dash that clings to the word.
    Dash,
    /// A full stop, with or without closers around it.
    Stop,
    /// `…` or `...`.
    Ellipsis,
    /// Exclamation or question marks.
    Mark,
}

/// What a unit opens with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// A lower-case letter.
    Lower,
    /// An upper-case letter, then a lower-case one or none.
    Title,
    /// At least two upper-case letters.
    Capitals,
    /// A digit.
    Digit,
    /// A quotation mark before an upper-case letter or digit.
    Quoted,
    /// A bracket before an upper-case letter or digit.
    Bracketed,
    /// A dash or bullet that stands alone.
    Item,
    /// A letter without case, a symbol, an opener before a lower-case letter.
    Other,
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

fn is_core(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '%' | '‰' | '€' | '$' | '£' | '¥' | '&' | '+' | '=' | '@' | '#' | '°' | '/'
        )
        || ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_opener(c: char) -> bool {
    matches!(c, '«' | '“' | '‘' | '„' | '‹' | '(' | '[' | '{' | '¿' | '¡')
}

fn is_closer(c: char) -> bool {
    matches!(c, '»' | '”' | '’' | '›' | ')' | ']' | '}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '«' | '»' | '“' | '”' | '„' | '‹' | '›' | '‘' | '"')
}

fn is_closing_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | ',' | ';' | ':')
}

fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_item_mark(c: char) -> bool {
    matches!(
        c,
        '-' | '–' | '—' | '―' | '•' | '·' | '*' | '◦' | '▪' | '►' | '●' | '■' | '○'
    )
}

/// How many quotation marks the unit holds; an odd number opens or closes a quotation.
pub(super) fn quotes(unit: &Unit<'_>) -> usize {
    let count = |text: &str| text.chars().filter(|&c| is_quote(c)).count();
    count(unit.open) + count(unit.core) + count(unit.close)
}

/// The units of `block`, in order; what lies between two is white space.
pub(super) fn units(block: &str) -> Vec<Unit<'_>> {
    let mut found: Vec<Unit<'_>> = Vec::new();
    let mut opened = None;
    let mut quote_open = false;
    let mut at = 0;
    for piece in block.split(char::is_whitespace) {
        let (start, end) = (at, at + piece.len());
        at = end + block[end..].chars().next().map_or(0, char::len_utf8);
        if !piece.is_empty() {
            let bare = !piece.chars().any(is_core);
            let quotes = piece.bytes().filter(|&b| b == b'"').count();
            let lone_quote = bare && quotes > 0 && piece.chars().all(|c| c == '"');
            let opens = bare && piece.chars().all(is_opener) || lone_quote && !quote_open;
            let closes = bare
                && (piece
                    .chars()
                    .all(|c| is_closer(c) || is_closing_mark(c) || c == '"'))
                && (!lone_quote || quote_open);
            if quotes % 2 == 1 {
                quote_open = !quote_open;
            }
            match found.last_mut() {
                Some(last) if closes && opened.is_none() && !last.core.is_empty() => {
                    last.end = end;
                    *last = unit(block, last.start, end);
                }
                _ if opens => opened = opened.or(Some(start)),
                _ => found.push(unit(block, opened.take().unwrap_or(start), end)),
            }
        }
        let breaks = block[end..at].contains(is_line_break);
        if let Some(last) = found.last_mut().filter(|_| breaks && opened.is_none()) {
            last.ends_line = true;
        }
    }
    if let Some(start) = opened {
        found.push(unit(block, start, block.trim_end().len()));
    }
    found
}

fn unit(block: &str, start: usize, end: usize) -> Unit<'_> {
    let text = &block[start..end];
    let first = text.find(is_core);
    let last = text.char_indices().rfind(|&(_, c)| is_core(c));
    let (open, core, close) = match (first, last) {
        (Some(first), Some((last, c))) => {
            let last = last + c.len_utf8();
            (&text[..first], &text[first..last], &text[last..])
        }
        _ if text.chars().all(is_item_mark) => (text, "", ""),
        _ => ("", "", text),
    };
    Unit {
        open,
        core,
        close,
        start,
        end,
        ends_line: false,
    }
}

impl<'a> Unit<'a> {
    /// What the punctuation after the word says.
    pub fn closing(&self) -> Close {
        let close = self.close;
        if close.is_empty() {
            Close::Nothing
        } else if close.contains(['!', '?']) {
            Close::Mark
        } else if close.contains('…') || close.contains("..") {
            Close::Ellipsis
        } else if close.contains('.') {
            Close::Stop
        } else {
            match close
                .chars()
                .rfind(|&c| !is_closer(c) && c != '"' && !c.is_whitespace())
            {
                Some(',') => Close::Comma,
                Some(';') => Close::Semicolon,
                Some(':') => Close::Colon,
                Some('-' | '–' | '—') => Close::Dash,
                _ => Close::Closer,
            }
        }
    }

    /// What the unit opens with.
    pub fn opening(&self) -> Open {
        let mut letters = self.core.chars();
        let Some(first) = letters.next() else {
            return if self.open.is_empty() {
                Open::Other
            } else {
                Open::Item
            };
        };
        let capital = first.is_uppercase() || first.is_numeric();
        let opener = self.open.chars().find(|c| !c.is_whitespace());
        match opener {
            Some('(' | '[' | '{') if capital => Open::Bracketed,
            Some(c) if is_quote(c) && capital => Open::Quoted,
            Some(c) if is_quote(c) || is_opener(c) => Open::Other,
            Some(c) if is_item_mark(c) => Open::Item,
            _ if first.is_lowercase() => Open::Lower,
            _ if first.is_numeric() => Open::Digit,
            _ if first.is_uppercase() => {
                let mut letters = letters.filter(|c| c.is_alphabetic());
                match letters.next() {
                    Some(second) if second.is_uppercase() && letters.all(char::is_uppercase) => {
                        Open::Capitals
                    }
                    _ => Open::Title,
                }
            }
            _ => Open::Other,
        }
    }

    /// Whether a quotation mark or bracket closes after the sentence-ending mark (`?»`, `.)`).
    pub fn closes_after_mark(&self) -> bool {
        self.close
            .chars()
            .next_back()
            .is_some_and(|c| is_closer(c) || c == '"' || c == '\'')
    }

    /// Whether an ellipsis stands by itself in brackets: `[…]`, `(...)`.
    pub fn is_omission(&self) -> bool {
        self.core.is_empty() && self.close.contains(['(', '['])
    }

    /// By how much brackets are deeper after the unit than before it.
    pub fn depth_change(&self) -> i32 {
        let count = |text: &str| -> i32 {
            text.chars()
                .map(|c| match c {
                    '(' | '[' => 1,
                    ')' | ']' => -1,
                    _ => 0,
                })
                .sum()
        };
        count(self.open) + count(self.core) + count(self.close)
    }

    /// The word to look up where a sentence may begin with the unit: an elided word by itself
    /// (`L'article` is `l'`), in lower case.
    pub fn opening_word(&self) -> String {
        let end = self
            .core
            .char_indices()
            .find(|&(at, c)| at > 0 && is_apostrophe(c));
        let word = match end {
            Some((at, _)) if at <= 6 => &self.core[..at],
            _ => return normal(self.core),
        };
        let mut word = normal(word);
        word.push('\'');
        word
    }

    /// The word to look up where a sentence may end with the unit: what follows an elided word.
    pub fn closing_word(&self) -> String {
        match self
            .core
            .char_indices()
            .find(|&(at, c)| at > 0 && is_apostrophe(c))
        {
            Some((at, c)) if at <= 6 => normal(&self.core[at + c.len_utf8()..]),
            _ => normal(self.core),
        }
    }
}

fn normal(word: &str) -> String {
    word.chars()
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_clings_to_its_word() {
        let text = "« Bonjour » ! dit-il (à \"M. X\" ) – l'U.E.: [...] \" oui \" .";
        let found: Vec<(&str, &str, &str)> = units(text)
            .iter()
            .map(|u| (u.open, u.core, u.close))
            .collect();
        assert_eq!(
            found,
            [
                ("« ", "Bonjour", " » !"),
                ("", "dit-il", ""),
                ("(", "à", ""),
                ("\"", "M", "."),
                ("", "X", "\" )"),
                ("–", "", ""),
                ("", "l'U.E", ".:"),
                ("", "", "[...]"),
                ("\" ", "oui", " \" ."),
            ]
        );
    }
}
