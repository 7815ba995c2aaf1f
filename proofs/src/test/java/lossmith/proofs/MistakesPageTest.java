package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.proofs.law.Laws;
import lossmith.proofs.repair.Causes;
import lossmith.proofs.repair.Remedies;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import org.junit.jupiter.api.Test;

/**
 * MISTAKES.md lists the commonest mistakes with what is said of each; {@code -Dlossmith.write=true}
 * writes it.
 */
final class MistakesPageTest {
  private static final Path PAGE = Path.of("MISTAKES.md");
  private static final int CASES = 40;

  private static final String HEAD =
      """
      # The commonest mistakes, and what `prove` says of each

      Nothing is claimed of these objectives: the laws are those of what a loss reads as.
      The page is written by `mvn -pl proofs -am test -Dtest=MistakesPageTest
      -Dsurefire.failIfNoSpecifiedTests=false -Dlossmith.write=true`.
      """;

  @Test
  void thePageSaysWhatIsSaid() throws IOException {
    Seq<RoleMistake> mistakes = RoleLawsCanFailTest.mistakes().collect(List.collector());
    assertTrue(mistakes.size() >= 30);
    String page = HEAD + mistakes.map(MistakesPageTest::entry).mkString();
    if (Boolean.getBoolean("lossmith.write")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(Files.readString(PAGE), page);
  }

  private static String entry(RoleMistake mistake) {
    try (Subject subject = new Subject(mistake.name(), mistake.wrong())) {
      Law law = Laws.ofRoles(subject).find(one -> one.name().equals(mistake.law())).get();
      Trial trial =
          subject.trials(1, CASES).find(one -> law.violations(subject, one).nonEmpty()).get();
      Seq<Violation> found = law.violations(subject, trial);
      return "\n## "
          + mistake.name()
          + "\n\nbreaks `"
          + law.name()
          + "`: "
          + law.statement()
          + " ("
          + law.formula()
          + ")\n"
          + Causes.of(law, subject, trial, found)
              .map(why -> "\nlikely because " + why + "\n")
              .getOrElse("")
          + Remedies.of(law.name()).map(what -> "\nto mend it: " + what + "\n").getOrElse("")
          + "\n> "
          + ShownNumbers.in(found.head().toString())
          + "\n";
    }
  }
}
