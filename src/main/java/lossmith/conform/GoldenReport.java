package lossmith.conform;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;
import lossmith.conform.golden.FieldResult;

/**
 * The comparisons of golden cases, summed up by family and function.
 *
 * @param comparisons one per case
 */
public record GoldenReport(Seq<CaseResult> comparisons) {
  /** {@return whether every case passes} */
  public boolean passes() {
    return comparisons.forAll(CaseResult::passes);
  }

  /**
   * {@return rows of text: a head, then for each family and function the cases, those that pass,
   * and the largest absolute and relative difference}
   */
  public Seq<Seq<String>> table() {
    Seq<String> head = List.of("family", "function", "cases", "pass", "absolute", "relative");
    return List.ofAll(
            comparisons
                .groupBy(one -> one.subject().family() + "\n" + one.subject().function())
                .values())
        .sortBy(group -> comparisons.indexOf(group.head()))
        .map(GoldenReport::row)
        .prepend(head);
  }

  private static Seq<String> row(Seq<CaseResult> group) {
    Seq<FieldResult> findings = group.flatMap(CaseResult::findings);
    return List.of(
        group.head().subject().family(),
        group.head().subject().function(),
        String.valueOf(group.size()),
        String.valueOf(group.count(CaseResult::passes)),
        small(findings.map(FieldResult::absolute).max().getOrElse(0.0)),
        small(findings.map(FieldResult::relative).max().getOrElse(0.0)));
  }

  /** {@return a line for every field that does not agree} */
  public Seq<String> failures() {
    return comparisons.flatMap(
        one ->
            one.findings()
                .reject(FieldResult::holds)
                .map(finding -> one.subject().name() + ": " + line(finding)));
  }

  private static String line(FieldResult finding) {
    String place = finding.field() + (finding.where().isEmpty() ? "" : " " + finding.where());
    return Double.isNaN(finding.got()) && Double.isNaN(finding.expected())
        ? place
        : place
            + " is "
            + finding.got()
            + ", expected "
            + finding.expected()
            + ", relative difference "
            + small(finding.relative());
  }

  private static String small(double x) {
    return x == 0 ? "0" : String.format(Locale.ROOT, "%.1e", x);
  }

  /** Writes every case and field into a JSON object. */
  public void write(ObjectNode root) {
    ObjectNode unused = root.put("passes", passes());
    for (CaseResult one : comparisons) {
      ObjectNode node = root.withObjectProperty("cases").putObject(one.subject().name());
      unused = node.put("family", one.subject().family());
      unused = node.put("function", one.subject().function());
      unused = node.put("passes", one.passes());
      for (FieldResult finding : one.findings()) {
        ObjectNode field = node.withObjectProperty("fields").putObject(finding.field());
        unused = field.put("passes", finding.holds());
        unused = field.put("where", finding.where());
        unused = field.put("got", finding.got());
        unused = field.put("expected", finding.expected());
        unused = field.put("absolute", finding.absolute());
        unused = field.put("relative", finding.relative());
      }
    }
  }

  /** {@return this report as JSON} */
  public ObjectNode json(ObjectMapper mapper) {
    ObjectNode root = mapper.createObjectNode();
    write(root);
    return root;
  }
}
