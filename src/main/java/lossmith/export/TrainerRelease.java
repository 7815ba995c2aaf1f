package lossmith.export;

/**
 * The release of a trainer whose hooks an exported file was written for.
 *
 * <p>The file looks at what is installed when it is imported. Where a function that it calls, or
 * whose place it takes, has other arguments, the import ends with an error: it could not be called
 * rightly. Where the arguments are the same and only the version is another, older or newer, it
 * warns and goes on: these trainers are installed from their repositories and change their version
 * more often than their hooks, and an error would leave whoever has a newer one with no file at
 * all. It is a warning and not nothing because a signature does not tell everything: who divides a
 * loss by what may change without it.
 *
 * @param name the trainer as its authors write it
 * @param module the Python package that is imported
 * @param distribution the name under which it is installed
 * @param version its first two numbers; empty where its version is the commit
 * @param commit the commit whose source was read; empty for a released package
 */
record TrainerRelease(
    String name, String module, String distribution, String version, String commit) {

  /** {@return what is said of it: name, version and commit} */
  String title() {
    return name
        + (version.isEmpty() ? "" : " " + version)
        + (commit.isEmpty() ? "" : " at " + commit);
  }

  /** {@return the seven digits that versions made of a commit have at least} */
  String shortCommit() {
    return commit.substring(0, Math.min(7, commit.length()));
  }
}
