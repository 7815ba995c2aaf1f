package lossmith.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Mustache;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page about runs or rollouts that loads nothing else: its numbers, the script that draws them
 * and the chart library stand in it.
 *
 * @param title of the page
 * @param facts about what is shown, a few words each
 * @param curves of runs, if there are any
 * @param tables below them
 * @param microscope on responses, if there are any
 */
public record ReportPage(
    String title,
    Seq<String> facts,
    Option<TrainingCurves> curves,
    Seq<PageTable> tables,
    Option<Microscope> microscope) {
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final Pattern NEGATIVE = Pattern.compile("-[0-9.]+(e-?\\d+)?%?");
  private static final int LONGEST_NUMBER = 32;

  /** A number and its interval, which stands below it, so that a table of many is narrow. */
  private static final Pattern INTERVAL = Pattern.compile("([−0-9.]+) (\\[[^\\[]+])");

  private static final String OWN = "/lossmith/report/";

  /** {@return the page} */
  public String html() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode data = mapper.createObjectNode();
    curves.forEach(all -> data.set("curves", all.json()));
    microscope.forEach(one -> data.set("microscope", one.json()));
    Map<String, Object> fields = new HashMap<>();
    fields.put("title", title);
    fields.put("facts", facts.asJava());
    fields.put("curves", curves.isDefined());
    fields.put("microscope", microscope.isDefined());
    fields.put("tables", tables.map(ReportPage::fields).asJava());
    fields.put("style", ResourceText.read(OWN + "page.css"));
    fields.put("chartStyle", ResourceText.read(CHARTS + "uPlot.min.css"));
    fields.put("chartLibrary", ResourceText.read(CHARTS + "uPlot.iife.min.js"));
    fields.put(
        "script", ResourceText.read(OWN + "charts.js") + ResourceText.read(OWN + "microscope.js"));
    fields.put("data", written(mapper, data));
    return Mustache.compiler().compile(ResourceText.read(OWN + "page.mustache")).execute(fields);
  }

  private static Map<String, Object> fields(PageTable table) {
    // A column of texts is set to the left and broken into lines, one of numbers is not.
    Seq<Boolean> words =
        table
            .head()
            .zipWithIndex()
            .map(head -> table.rows().exists(row -> isText(row.get(head._2))));
    return Map.of(
        "heading",
        table.heading(),
        "texts",
        words.contains(true),
        "head",
        cells(table.head(), table.head(), words),
        "rows",
        table.rows().map(row -> Map.of("cells", cells(row, table.head(), words))).asJava(),
        "note",
        table.note());
  }

  private static java.util.List<Map<String, Object>> cells(
      Seq<String> row, Seq<String> head, Seq<Boolean> words) {
    return row.zipWithIndex((text, i) -> cell(text, head.get(i), words.get(i))).asJava();
  }

  private static Map<String, Object> cell(String text, String head, boolean words) {
    Matcher both = INTERVAL.matcher(text);
    boolean two = both.matches();
    return Map.of(
        "text",
        two ? both.group(1) : printed(text),
        "interval",
        two ? java.util.List.of(both.group(2)) : java.util.List.of(),
        "head",
        head,
        "words",
        words);
  }

  private static boolean isText(String text) {
    return text.length() > LONGEST_NUMBER && !INTERVAL.matcher(text).matches();
  }

  /** A number with a minus as it is printed, and a dash for none. */
  private static String printed(String text) {
    if (text.equals("-")) {
      return "–";
    }
    return NEGATIVE.matcher(text).matches() ? text.replace('-', '−') : text;
  }

  /** Nothing in the numbers or texts may end the script that holds them. */
  private static String written(ObjectMapper mapper, ObjectNode data) {
    try {
      return mapper.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
