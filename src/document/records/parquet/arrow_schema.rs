//! The schema that Arrow leaves in a Parquet file, with columns of text added to it.
//!
//! It tells what Parquet's types do not: dictionaries, time zones, the size of offsets. It is a
//! message of Arrow's inter-process format: a marker, a length, and a FlatBuffer, in base64. All
//! references in a FlatBuffer point forward, from where they stand. So what is new goes before the
//! old bytes, and the old fields stay where they are, referred to from a new list.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What begins a message; older ones begin with the length.
const MARKER: u32 = 0xffff_ffff;
/// Bytes that all parts are aligned to.
const ALIGNMENT: usize = 8;
/// Numbers of a table's members, by Arrow's Message.fbs and Schema.fbs.
mod member {
    pub const MESSAGE_VERSION: usize = 0;
    pub const MESSAGE_HEADER_TYPE: usize = 1;
    pub const MESSAGE_HEADER: usize = 2;
    pub const SCHEMA_ENDIANNESS: usize = 0;
    pub const SCHEMA_FIELDS: usize = 1;
    pub const SCHEMA_METADATA: usize = 2;
}
/// The type of a header that is a schema, and of a field that is UTF-8.
const HEADER_SCHEMA: u8 = 1;
const TYPE_UTF8: u8 = 5;

/// The schema with a column of text for each of `columns`: in the place of the one with that
/// number, or after the last. None where the schema is not understood.
pub(super) fn with_texts(schema: &str, columns: &[(Option<usize>, &str)]) -> Option<String> {
    let message = STANDARD.decode(schema).ok()?;
    let old = match number(&message, 0)? {
        MARKER => message.get(8..)?,
        _ => message.get(4..)?,
    };
    let new = rewritten(old, columns)?;
    let mut message = Vec::from(MARKER.to_le_bytes());
    message.extend(u32::try_from(new.len()).ok()?.to_le_bytes());
    message.extend(new);
    Some(STANDARD.encode(message))
}

/// A place in the new bytes that is to refer to another.
struct Reference {
    from: usize,
    to: Place,
}

enum Place {
    /// In the new bytes.
    New(usize),
    /// In the old ones.
    Old(usize),
}

fn rewritten(old: &[u8], columns: &[(Option<usize>, &str)]) -> Option<Vec<u8>> {
    let message = follow(old, 0)?;
    if member(old, message, member::MESSAGE_HEADER_TYPE).and_then(|at| old.get(at))
        != Some(&HEADER_SCHEMA)
    {
        return None;
    }
    let version =
        member(old, message, member::MESSAGE_VERSION).map_or(Some(0), |at| short(old, at))?;
    let schema = follow(old, member(old, message, member::MESSAGE_HEADER)?)?;
    let endianness = member(old, schema, member::SCHEMA_ENDIANNESS);
    let endianness = endianness.map_or(Some(0), |at| short(old, at))?;
    let list = follow(old, member(old, schema, member::SCHEMA_FIELDS)?)?;
    let count = usize::try_from(number(old, list)?).ok()?;
    // No more than there is room for.
    old.get(list..list.checked_add(count.checked_mul(4)?.checked_add(4)?)?)?;
    let mut fields: Vec<Option<Place>> = Vec::with_capacity(count + columns.len());
    for field in 0..count {
        fields.push(Some(Place::Old(follow(old, list + 4 + 4 * field)?)));
    }
    let mut names = vec![""; count];
    for (replaces, name) in columns {
        match replaces {
            Some(number) => {
                *fields.get_mut(*number)? = None;
                names[*number] = name;
            }
            None => {
                fields.push(None);
                names.push(name);
            }
        }
    }

    let mut new = New::default();
    let root = new.number(0);
    // Message: version, type of the header, header.
    let (table, members) = new.table(&[2, 1, 4]);
    new.refer(root, Place::New(table));
    new.put(members[0], &version.to_le_bytes());
    new.put(members[1], &[HEADER_SCHEMA]);
    let header = members[2];
    // Schema: endianness, fields, metadata.
    let metadata = member(old, schema, member::SCHEMA_METADATA);
    let sizes: &[usize] = if metadata.is_some() {
        &[2, 4, 4]
    } else {
        &[2, 4]
    };
    let (table, members) = new.table(sizes);
    new.refer(header, Place::New(table));
    new.put(members[0], &endianness.to_le_bytes());
    if let (Some(at), Some(own)) = (metadata, members.get(2)) {
        new.refer(*own, Place::Old(follow(old, at)?));
    }
    let list = new.number(u32::try_from(fields.len()).ok()?);
    new.refer(members[1], Place::New(list));
    let places: Vec<usize> = fields.iter().map(|_| new.number(0)).collect();
    for ((place, field), name) in places.into_iter().zip(fields).zip(names) {
        match field {
            Some(field) => new.refer(place, field),
            None => new.text_field(place, name)?,
        }
    }
    new.finish(old)
}

/// Bytes that go before the old ones.
#[derive(Default)]
struct New {
    bytes: Vec<u8>,
    references: Vec<Reference>,
}

impl New {
    fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to), 0);
    }

    /// Appends a number; returns where it stands.
    fn number(&mut self, number: u32) -> usize {
        self.align(4);
        self.bytes.extend(number.to_le_bytes());
        self.bytes.len() - 4
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn refer(&mut self, from: usize, to: Place) {
        self.references.push(Reference { from, to });
    }

    /// Appends a table whose first members have these sizes, 0 for one that is not there; returns
    /// where it stands, and where they do.
    fn table(&mut self, sizes: &[usize]) -> (usize, Vec<usize>) {
        self.align(4);
        let vtable = self.bytes.len();
        self.bytes.resize(vtable + 4 + 2 * sizes.len(), 0);
        self.align(4);
        let table = self.bytes.len();
        let back = (table - vtable) as i32;
        self.bytes.extend(back.to_le_bytes());
        let mut members = Vec::new();
        for (number, &size) in sizes.iter().enumerate() {
            if size > 0 {
                self.align(size);
                let offset = (self.bytes.len() - table) as u16;
                self.put(vtable + 4 + 2 * number, &offset.to_le_bytes());
            }
            members.push(self.bytes.len());
            self.bytes.resize(self.bytes.len() + size, 0);
        }
        self.align(4);
        let lengths = [4 + 2 * sizes.len(), self.bytes.len() - table];
        for (number, length) in lengths.into_iter().enumerate() {
            self.put(vtable + 2 * number, &(length as u16).to_le_bytes());
        }
        (table, members)
    }

    /// Appends a field of text that may be null.
    fn text_field(&mut self, from: usize, name: &str) -> Option<()> {
        // Name, nullable, type of the type, type, dictionary, children.
        let (table, members) = self.table(&[4, 1, 1, 4, 0, 4]);
        self.refer(from, Place::New(table));
        self.put(members[1], &[1]);
        self.put(members[2], &[TYPE_UTF8]);
        let text = self.number(u32::try_from(name.len()).ok()?);
        self.bytes.extend(name.bytes().chain([0]));
        self.refer(members[0], Place::New(text));
        let (utf8, _) = self.table(&[]);
        self.refer(members[3], Place::New(utf8));
        let none = self.number(0);
        self.refer(members[5], Place::New(none));
        Some(())
    }

    /// All references made, and the old bytes after the new ones.
    fn finish(mut self, old: &[u8]) -> Option<Vec<u8>> {
        self.align(ALIGNMENT);
        let start = self.bytes.len();
        for Reference { from, to } in std::mem::take(&mut self.references) {
            let to = match to {
                Place::New(at) => at,
                Place::Old(at) => start + at,
            };
            let distance = u32::try_from(to.checked_sub(from)?).ok()?;
            self.put(from, &distance.to_le_bytes());
        }
        self.bytes.extend(old);
        self.align(ALIGNMENT);
        Some(self.bytes)
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

fn short(bytes: &[u8], at: usize) -> Option<i16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(i16::from_le_bytes(*bytes))
}

/// Where the reference leads that stands at `at`.
fn follow(bytes: &[u8], at: usize) -> Option<usize> {
    let to = at.checked_add(usize::try_from(number(bytes, at)?).ok()?)?;
    (to < bytes.len()).then_some(to)
}

/// Where a member of a table stands; none where it is not there.
fn member(bytes: &[u8], table: usize, which: usize) -> Option<usize> {
    let back = number(bytes, table)? as i32;
    let vtable = usize::try_from(i64::try_from(table).ok()? - i64::from(back)).ok()?;
    let length = usize::try_from(short(bytes, vtable)?).ok()?;
    let slot = 4 + 2 * which;
    if slot + 2 > length {
        return None;
    }
    match usize::try_from(short(bytes, vtable + slot)?).ok()? {
        0 => None,
        offset => Some(table + offset),
    }
}
