//! Files as memory, and memory in large pages: the one place that maps them.

use std::alloc::{Layout, handle_alloc_error};
use std::fs::File;
use std::io::{self, Read};
use std::ops::{Deref, DerefMut};
use std::path::Path;

/// A file's bytes, read-only.
#[derive(Debug)]
pub struct Map(memmap2::Mmap);

/// Zeroed memory, in large pages where the system has them: what is read from end to end again and
/// again is read faster, as the processor looks up fewer addresses.
#[derive(Debug)]
pub struct Memory(memmap2::MmapMut);

impl Map {
    /// Maps the file at `path`; its address is a multiple of the page size.
    pub fn open(path: &Path) -> io::Result<Self> {
        let (file, _) = regular(path)?;
        // SAFETY: the mapping is read-only, and model files are never changed in place: this
        // program replaces them by renaming a finished file over them, which leaves the mapped
        // one as it was.
        #[allow(unsafe_code)]
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self(map))
    }

    /// Reads the file at `path` into large pages: worth its time where all of it is needed often.
    pub fn read(path: &Path) -> io::Result<Self> {
        let (mut file, length) = regular(path)?;
        let mut map = large_pages(length)?;
        file.read_exact(&mut map)?;
        Ok(Self(map.make_read_only()?))
    }
}

/// The file at `path`, if it is one that has a length, and that.
fn regular(path: &Path) -> io::Result<(File, usize)> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    let invalid = |why| io::Error::new(io::ErrorKind::InvalidInput, why);
    if !about.is_file() {
        return Err(invalid("it is not a regular file"));
    }
    let length = usize::try_from(about.len()).map_err(|_| invalid("it is larger than memory"))?;
    Ok((file, length))
}

impl Memory {
    /// So many bytes, aligned to a page; none takes room before it is written to. Where there is no
    /// memory left the program ends, as for any allocation.
    pub fn new(bytes: usize) -> Self {
        Self(large_pages(bytes).unwrap_or_else(|_| {
            handle_alloc_error(Layout::array::<u8>(bytes).unwrap_or(Layout::new::<u8>()))
        }))
    }
}

fn large_pages(bytes: usize) -> io::Result<memmap2::MmapMut> {
    let memory = memmap2::MmapMut::map_anon(bytes)?;
    // Only a hint: without large pages it is slower and no less right.
    #[cfg(target_os = "linux")]
    let _ = memory.advise(memmap2::Advice::HugePage);
    Ok(memory)
}

impl Deref for Memory {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl DerefMut for Memory {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
