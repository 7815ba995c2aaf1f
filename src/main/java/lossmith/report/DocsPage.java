package lossmith.report;

import com.samskivert.mustache.Mustache;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * The documentation as one HTML page that loads nothing else, of the pages that the README leads
 * to.
 */
public final class DocsPage {
  private static final String SOURCES = "/lossmith/docs/";
  private static final String OWN = "/lossmith/report/";
  private static final String START = "README";

  /** The pages in the order in which they are read, by file. */
  private static final Map<String, String> PAGES =
      LinkedHashMap.<String, String>empty()
          .put(START, "Getting started")
          .put("losses", "Write a loss")
          .put("algebra", "The algebra in ten examples")
          .put("levels", "Levels and masks")
          .put("detachment", "Detachment")
          .put("conventions", "Conventions")
          .put("proving", "Laws")
          .put("memory", "Surfaces and memory")
          .put("errors", "Errors and their cures")
          .put("maven", "A Maven project of your own")
          .put("rollouts", "Rollouts")
          .put("training", "Training")
          .put("claims", "Claims of papers, tried")
          .put("export", "Export")
          .put("systems", "Other systems")
          .put("releases", "Releases");

  private static final Pattern PAGE = Pattern.compile("(?:.*/)?(\\w+)\\.md(#.*)?");
  private static final Pattern PART = Pattern.compile("(?=<h[12] )");

  private DocsPage() {}

  /** {@return the files whose text is on the page, without their ending} */
  public static Seq<String> sources() {
    return PAGES.keySet().toList();
  }

  /** {@return the page} */
  public static String html() {
    return Mustache.compiler()
        .compile(ResourceText.read(OWN + "docs.mustache"))
        .execute(
            java.util.Map.of(
                "style", ResourceText.read(OWN + "docs.css"),
                "script", ResourceText.read(OWN + "docs.js"),
                "pages", PAGES.toList().map(page -> fields(page._1, page._2)).asJava()));
  }

  private static java.util.Map<String, Object> fields(String file, String name) {
    return java.util.Map.of("id", file, "name", name, "html", html(file));
  }

  private static String html(String file) {
    List<Extension> extensions =
        List.of(
            TablesExtension.create(),
            HeadingAnchorExtension.builder().idPrefix(file + "-").build());
    Node text =
        Parser.builder()
            .extensions(extensions.asJava())
            .build()
            .parse(ResourceText.read(SOURCES + file + ".md"));
    text.accept(new Links());
    String html =
        HtmlRenderer.builder()
            .extensions(extensions.asJava())
            .escapeHtml(true)
            .build()
            .render(text)
            .replace("<table>", "<div class=\"wide\"><table>")
            .replace("</table>", "</table></div>");
    return List.of(PART.split(html, -1))
        .filter(part -> !part.isBlank())
        .map(part -> "<section>\n" + part + "</section>\n")
        .mkString();
  }

  /** Links to other pages lead to them on this one; to other files of the sources, nowhere. */
  private static final class Links extends AbstractVisitor {
    @Override
    public void visit(Link link) {
      super.visitChildren(link);
      String to = link.getDestination();
      if (to.contains("://") || to.startsWith("#")) {
        return;
      }
      var page = PAGE.matcher(to);
      boolean here = page.matches() && PAGES.containsKey(page.group(1)) && isDocs(to);
      if (here) {
        link.setDestination("#" + page.group(1));
      } else {
        for (Node child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
          link.insertBefore(child);
        }
        link.unlink();
      }
    }

    private static boolean isDocs(String to) {
      return !to.contains("/") || to.startsWith("src/docs/") || to.equals("../../README.md");
    }

    @Override
    public void visit(Image image) {
      String name = image.getDestination().replaceAll(".*/", "");
      byte[] picture = ResourceText.read(SOURCES + name).getBytes(StandardCharsets.UTF_8);
      image.setDestination(
          "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(picture));
    }
  }
}
