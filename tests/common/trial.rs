//! A folder to run the program in as its users do, with the model at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use assert_cmd::Command;
use tempfile::TempDir;
use visavis::model::compiled::Precision;

/// An empty folder that commands run in.
pub struct Trial {
    folder: TempDir,
    store: PathBuf,
}

/// What a command left behind.
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Trial {
    /// With the model; none, after saying so, where it cannot be had.
    pub fn new() -> Option<Self> {
        let model = super::model(Precision::Int8)?;
        Some(Self {
            store: model.parent().expect("a model lies in a store").to_owned(),
            folder: tempfile::tempdir().expect("a folder"),
        })
    }

    /// With an empty store.
    pub fn without_model() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            store: folder.path().join("no-models"),
            folder,
        }
    }

    /// Where the commands run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the models are.
    pub fn store(&self) -> &Path {
        &self.store
    }

    /// A command to run in the folder.
    pub fn visavis(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("visavis").expect("the program");
        command
            .current_dir(self.folder())
            .env("VISAVIS_MODELS", &self.store)
            .env_remove("NO_COLOR")
            .args(arguments);
        command
    }

    /// A running command that the test ends itself; its standard error can be read.
    pub fn spawned(&self, arguments: &[&str], stdout: Stdio) -> Child {
        std::process::Command::new(assert_cmd::cargo::cargo_bin("visavis"))
            .current_dir(self.folder())
            .env("VISAVIS_MODELS", &self.store)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    }

    /// Runs a command with `input` at its standard input.
    pub fn run_on(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let output = self
            .visavis(arguments)
            .write_stdin(input.as_ref())
            .output()
            .expect("it runs");
        Ran {
            code: output.status.code().expect("an exit code"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Runs a command without input.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_on(arguments, "")
    }

    /// Runs a command that must be done without findings; its standard output.
    pub fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
        ran.stdout
    }

    /// Makes a file.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder().join(name), content).expect("it can be written");
    }

    /// What a file holds.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The names of all files and folders, hidden ones too.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}
