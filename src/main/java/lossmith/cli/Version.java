package lossmith.cli;

import java.io.StringReader;
import java.util.Properties;
import lossmith.report.ResourceText;
import picocli.CommandLine.IVersionProvider;

/** {@code --version}: what was built, from which commit, and what it runs on. */
public final class Version implements IVersionProvider {
  private static final String UNKNOWN = "${";

  @Override
  public String[] getVersion() throws java.io.IOException {
    Properties built = new Properties();
    built.load(new StringReader(ResourceText.read("/lossmith/version.properties")));
    String commit = built.getProperty("commit", UNKNOWN);
    return new String[] {
      "lossmith " + built.getProperty("lossmith"),
      commit.startsWith(UNKNOWN)
          ? "built outside of a repository"
          : "commit " + commit + " of " + built.getProperty("date"),
      "TensorFlow for Java "
          + built.getProperty("tensorflow")
          + ", DuckDB "
          + built.getProperty("duckdb")
          + ", Java "
          + Runtime.version()
    };
  }
}
