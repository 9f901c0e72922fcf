//! A large file of which only some slices are here, read as if it were whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::super::Error;

/// Slices of a file, each at its place.
#[derive(Debug)]
pub(super) struct Slices {
    slices: Vec<Slice>,
    size: u64,
    position: u64,
}

#[derive(Debug)]
struct Slice {
    start: u64,
    end: u64,
    file: File,
}

impl Slices {
    /// The file of `size` bytes whose slices start at the given places.
    pub fn open(size: u64, slices: &[(u64, PathBuf)]) -> Result<Self, Error> {
        let slices = slices
            .iter()
            .map(|(start, path)| {
                let file = File::open(path).map_err(Error::io("read", path))?;
                let length = file.metadata().map_err(Error::io("read", path))?.len();
                Ok(Slice {
                    start: *start,
                    end: start.saturating_add(length),
                    file,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            slices,
            size,
            position: 0,
        })
    }
}

impl Read for Slices {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        let place = self.position;
        let slice = self
            .slices
            .iter_mut()
            .find(|slice| (slice.start..slice.end).contains(&place))
            .ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    format!("byte {place} lies in a slice that is not here"),
                )
            })?;
        slice.file.seek(SeekFrom::Start(place - slice.start))?;
        let length = slice.file.read(buffer)?;
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for Slices {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = place.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "a place before the file")
        })?;
        Ok(self.position)
    }
}
