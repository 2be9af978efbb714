//! Tells cargo that the wiki and the theme are part of the program, files that are new among them too.

fn main() {
    println!("cargo::rerun-if-changed=wiki");
    println!("cargo::rerun-if-changed=themes");
}
