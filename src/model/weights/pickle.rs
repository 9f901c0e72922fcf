//! A machine for the part of Python's pickle format that weights are made of.
//!
//! It builds plain values and executes nothing: names of classes and functions are kept as names,
//! and what is “called” is only written down as a call, for [`super::state_dict`] to recognise.
//! See the operations' documentation in Python's `pickletools`.

use std::collections::HashMap;

/// The operation that every pickle of protocol 2 and up starts with.
pub(super) const PROTO: u8 = 0x80;

/// Values of each kind, far above what real weights hold; keeps a hostile file from filling the
/// memory.
const LIMIT: usize = 1 << 20;
/// Bytes of a text: names of tensors and keys of storages are short. Longer ones, repeated from
/// the memo, would let a small file ask for much.
const TEXT_LIMIT: usize = 1 << 10;

/// A value; what it holds lies in the [`Pickle`] that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    None,
    Bool(bool),
    Integer(i64),
    /// An integer of more than eight bytes, little-endian.
    Long(&'a [u8]),
    Float,
    Text(&'a str),
    /// A name of a module and of something in it.
    Global(&'a str, &'a str),
    Tuple(usize),
    List(usize),
    Dict(usize),
    /// A call: the name and the arguments.
    Call(usize),
    /// A reference to a storage: its description.
    Persistent(usize),
}

/// A pickle that was read.
#[derive(Debug)]
pub(super) struct Pickle<'a> {
    /// What it holds.
    pub root: Value<'a>,
    /// Where it ends in the bytes that it was read from.
    pub end: usize,
    sequences: Vec<Vec<Value<'a>>>,
    dicts: Vec<Vec<(Value<'a>, Value<'a>)>>,
    calls: Vec<(Value<'a>, Value<'a>)>,
    persistent: Vec<Value<'a>>,
}

impl<'a> Pickle<'a> {
    /// Reads the pickle that starts at byte `start`. The reason where it is damaged or holds an
    /// operation that weights do not need.
    pub fn read(bytes: &'a [u8], start: usize) -> Result<Self, String> {
        let mut machine = Machine {
            bytes,
            position: start,
            stack: Vec::new(),
            marks: Vec::new(),
            memo: HashMap::new(),
            given: 0,
            made: Pickle {
                root: Value::None,
                end: start,
                sequences: Vec::new(),
                dicts: Vec::new(),
                calls: Vec::new(),
                persistent: Vec::new(),
            },
        };
        loop {
            let at = machine.position;
            match machine.step() {
                Ok(None) => {}
                Ok(Some(root)) => {
                    machine.made.root = root;
                    machine.made.end = machine.position;
                    return Ok(machine.made);
                }
                Err(reason) => return Err(format!("at byte {at}: {reason}")),
            }
        }
    }

    /// The items of a tuple or list.
    pub fn items(&self, value: Value) -> Option<&[Value<'a>]> {
        match value {
            Value::Tuple(i) | Value::List(i) => self.sequences.get(i).map(Vec::as_slice),
            _ => None,
        }
    }

    /// The keys and values of a dictionary, in order.
    pub fn entries(&self, value: Value) -> Option<&[(Value<'a>, Value<'a>)]> {
        match value {
            Value::Dict(i) => self.dicts.get(i).map(Vec::as_slice),
            _ => None,
        }
    }

    /// What is called, and the arguments.
    pub fn call(&self, value: Value) -> Option<(Value<'a>, &[Value<'a>])> {
        let Value::Call(i) = value else { return None };
        let (function, arguments) = *self.calls.get(i)?;
        Some((function, self.items(arguments)?))
    }

    /// The description of a storage.
    pub fn storage(&self, value: Value) -> Option<&[Value<'a>]> {
        let Value::Persistent(i) = value else {
            return None;
        };
        self.items(*self.persistent.get(i)?)
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    position: usize,
    stack: Vec<Value<'a>>,
    /// Heights of the stack at the marks; nothing below the last one may be popped.
    marks: Vec<usize>,
    memo: HashMap<u32, Value<'a>>,
    /// Values that lists and dictionaries were given.
    given: usize,
    made: Pickle<'a>,
}

impl<'a> Machine<'a> {
    /// Does one operation; the value where it was the last one.
    fn step(&mut self) -> Result<Option<Value<'a>>, String> {
        match self.byte()? {
            PROTO => match self.byte()? {
                2..=5 => {}
                other => return Err(format!("protocol {other} is not known")),
            },
            b'.' => return self.pop().map(Some),
            b'(' => {
                let height = self.stack.len();
                limited_push(&mut self.marks, height)?;
            }
            b'0' => {
                self.pop()?;
            }
            b'N' => self.push(Value::None)?,
            0x88 => self.push(Value::Bool(true))?,
            0x89 => self.push(Value::Bool(false))?,
            b'J' => {
                let n = i32::from_le_bytes(self.array()?);
                self.push(Value::Integer(n.into()))?;
            }
            b'K' => {
                let n = self.byte()?;
                self.push(Value::Integer(n.into()))?;
            }
            b'M' => {
                let n = u16::from_le_bytes(self.array()?);
                self.push(Value::Integer(n.into()))?;
            }
            0x8a => {
                let length = self.byte()?;
                self.long(length.into())?;
            }
            b'G' => {
                self.take(8)?;
                self.push(Value::Float)?;
            }
            b'X' => {
                let length = self.length()?;
                self.text(length)?;
            }
            0x8c => {
                let length = self.byte()?;
                self.text(length.into())?;
            }
            b')' => self.sequence(Vec::new(), Value::Tuple)?,
            b't' => {
                let items = self.pop_mark()?;
                self.sequence(items, Value::Tuple)?;
            }
            count @ 0x85..=0x87 => {
                let mut items = Vec::with_capacity(3);
                for _ in 0x85..=count {
                    items.push(self.pop()?);
                }
                items.reverse();
                self.sequence(items, Value::Tuple)?;
            }
            b']' => self.sequence(Vec::new(), Value::List)?,
            b'a' => {
                let item = self.pop()?;
                self.extend_list(vec![item])?;
            }
            b'e' => {
                let items = self.pop_mark()?;
                self.extend_list(items)?;
            }
            b'}' => self.dict()?,
            b's' => {
                let value = self.pop()?;
                let key = self.pop()?;
                self.extend_dict(vec![key, value])?;
            }
            b'u' => {
                let items = self.pop_mark()?;
                self.extend_dict(items)?;
            }
            b'q' => {
                let key = self.byte()?;
                self.remember(key.into())?;
            }
            b'r' => {
                let key = u32::from_le_bytes(self.array()?);
                self.remember(key)?;
            }
            0x94 => {
                let key = self.memo.len() as u32;
                self.remember(key)?;
            }
            b'h' => {
                let key = self.byte()?;
                self.recall(key.into())?;
            }
            b'j' => {
                let key = u32::from_le_bytes(self.array()?);
                self.recall(key)?;
            }
            b'c' => {
                let module = self.line()?;
                let name = self.line()?;
                self.push(Value::Global(module, name))?;
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let (Value::Text(module), Value::Text(name)) = (module, name) else {
                    return Err("a name that is no text".into());
                };
                self.push(Value::Global(module, name))?;
            }
            b'R' => {
                let arguments = self.pop()?;
                let function = self.pop()?;
                self.reduce(function, arguments)?;
            }
            // The state of an object: of a dictionary of weights it says only which version of a
            // layer wrote them.
            b'b' => {
                self.pop()?;
                if !matches!(self.stack.last(), Some(Value::Dict(_))) {
                    return Err("only dictionaries may have a state".into());
                }
            }
            b'Q' => {
                let description = self.pop()?;
                limited_push(&mut self.made.persistent, description)?;
                self.push(Value::Persistent(self.made.persistent.len() - 1))?;
            }
            // Frames only say how far to read ahead.
            0x95 => {
                self.take(8)?;
            }
            other => {
                return Err(format!(
                    "operation 0x{other:02x} is not one that weights need"
                ));
            }
        }
        Ok(None)
    }

    fn reduce(&mut self, function: Value<'a>, arguments: Value<'a>) -> Result<(), String> {
        if function == Value::Global("collections", "OrderedDict") {
            return if self.made.items(arguments).is_some_and(<[_]>::is_empty) {
                self.dict()
            } else {
                Err("an ordered dictionary that is made from something".into())
            };
        }
        if !matches!(function, Value::Global(..)) || !matches!(arguments, Value::Tuple(_)) {
            return Err("a call of something that is no name".into());
        }
        limited_push(&mut self.made.calls, (function, arguments))?;
        self.push(Value::Call(self.made.calls.len() - 1))
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn length(&mut self) -> Result<usize, String> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N)?
            .try_into()
            .map_err(|_| "the file ends within a number".into())
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], String> {
        let bytes = self
            .bytes
            .get(self.position..)
            .and_then(|rest| rest.get(..length))
            .ok_or("the file ends within a pickle")?;
        self.position += length;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<&'a str, String> {
        /// No module or class that weights need has a longer name.
        const NAME_LIMIT: usize = 256;
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let length = rest
            .iter()
            .take(NAME_LIMIT)
            .position(|&byte| byte == b'\n')
            .ok_or("a name without end")?;
        let line = self.take(length)?;
        self.take(1)?;
        std::str::from_utf8(line).map_err(|_| "a name that is no UTF-8".into())
    }

    fn text(&mut self, length: usize) -> Result<(), String> {
        let text = self.take(length)?;
        if length > TEXT_LIMIT {
            return Err("a text that is longer than weights need".into());
        }
        let text = std::str::from_utf8(text).map_err(|_| "a text that is no UTF-8")?;
        self.push(Value::Text(text))
    }

    fn long(&mut self, length: usize) -> Result<(), String> {
        let bytes = self.take(length)?;
        let value = if length <= 8 {
            let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
            let mut all = [if negative { 0xff } else { 0 }; 8];
            all[..length].copy_from_slice(bytes);
            Value::Integer(i64::from_le_bytes(all))
        } else {
            Value::Long(bytes)
        };
        self.push(value)
    }

    fn push(&mut self, value: Value<'a>) -> Result<(), String> {
        limited_push(&mut self.stack, value)
    }

    fn pop(&mut self) -> Result<Value<'a>, String> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() <= floor {
            return Err("nothing is left on the stack".into());
        }
        self.stack
            .pop()
            .ok_or_else(|| "nothing is left on the stack".into())
    }

    fn pop_mark(&mut self) -> Result<Vec<Value<'a>>, String> {
        let mark = self.marks.pop().ok_or("a mark is missing")?;
        // Never above the stack's height: nothing below a mark is popped.
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn sequence(
        &mut self,
        items: Vec<Value<'a>>,
        value: fn(usize) -> Value<'a>,
    ) -> Result<(), String> {
        limited_push(&mut self.made.sequences, items)?;
        self.push(value(self.made.sequences.len() - 1))
    }

    fn extend_list(&mut self, items: Vec<Value<'a>>) -> Result<(), String> {
        self.give(items.len())?;
        match self.stack.last() {
            Some(&Value::List(i)) => {
                self.made.sequences[i].extend(items);
                Ok(())
            }
            _ => Err("items of something that is no list".into()),
        }
    }

    fn dict(&mut self) -> Result<(), String> {
        limited_push(&mut self.made.dicts, Vec::new())?;
        self.push(Value::Dict(self.made.dicts.len() - 1))
    }

    fn extend_dict(&mut self, items: Vec<Value<'a>>) -> Result<(), String> {
        self.give(items.len())?;
        let (pairs, rest) = items.as_chunks::<2>();
        match self.stack.last() {
            Some(&Value::Dict(i)) if rest.is_empty() => {
                self.made.dicts[i].extend(pairs.iter().map(|&[key, value]| (key, value)));
                Ok(())
            }
            _ => Err("entries of something that is no dictionary".into()),
        }
    }

    fn give(&mut self, count: usize) -> Result<(), String> {
        self.given = self.given.saturating_add(count);
        if self.given > LIMIT {
            return Err("more values than weights need".into());
        }
        Ok(())
    }

    fn remember(&mut self, key: u32) -> Result<(), String> {
        let value = *self.stack.last().ok_or("nothing to remember")?;
        self.memo.insert(key, value);
        if self.memo.len() > LIMIT {
            return Err("more is remembered than weights need".into());
        }
        Ok(())
    }

    fn recall(&mut self, key: u32) -> Result<(), String> {
        let value = *self.memo.get(&key).ok_or("what was never remembered")?;
        self.push(value)
    }
}

fn limited_push<T>(values: &mut Vec<T>, value: T) -> Result<(), String> {
    if values.len() >= LIMIT {
        return Err("more values than weights need".into());
    }
    values.push(value);
    Ok(())
}
