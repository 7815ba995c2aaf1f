package lossmith.vocabulary;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Problem;

/** What the tokens of a model are as text. */
@FunctionalInterface
public interface Vocabulary {
  /** {@return the text of a token, if the vocabulary has it} */
  Option<String> text(int id);

  /** {@return a vocabulary of which nothing is known} */
  static Vocabulary unknown() {
    return id -> Option.none();
  }

  /**
   * {@return the vocabulary in a file: {@code tokenizer.json} of a model, of which each token is
   * decoded; a JSON list of tokens, also as the field {@code tokens}; a JSON object from tokens to
   * ids ({@code vocab.json}), whose tokens are taken as they are written; or, under any other
   * ending, lines of text ({@code vocab.txt}), the first one that of id 0}
   *
   * @param file the file
   * @throws lossmith.dsl.ProblemException where it is none of these
   * @throws IOException where it cannot be read
   */
  static Vocabulary read(Path file) throws IOException {
    if (!file.toString().endsWith(".json")) {
      return lines(file);
    }
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(file.toFile());
    } catch (JacksonException e) {
      throw refused(file, "text that is no JSON: " + e.getOriginalMessage());
    }
    if (json.isObject() && json.path("model").isObject()) {
      return TokenizerJson.read(file);
    }
    JsonNode tokens = json.isObject() && json.path("tokens").isArray() ? json.path("tokens") : json;
    if (tokens.isArray()) {
      return list(file, tokens);
    }
    return ids(file, tokens);
  }

  private static Vocabulary lines(Path file) throws IOException {
    try {
      return of(Vector.ofAll(Files.readAllLines(file)));
    } catch (CharacterCodingException e) {
      throw refused(file, "bytes that are no text in UTF-8");
    }
  }

  private static Vocabulary list(Path file, JsonNode tokens) {
    for (JsonNode token : tokens) {
      if (!token.isTextual()) {
        throw refused(file, "a list with " + token);
      }
    }
    return of(Vector.ofAll(tokens).map(JsonNode::textValue));
  }

  private static Vocabulary ids(Path file, JsonNode tokens) {
    if (!tokens.isObject() || tokens.isEmpty()) {
      throw refused(file, tokens.isObject() ? "an object without fields" : tokens.toString());
    }
    Map<Integer, String> texts = HashMap.empty();
    for (var token : tokens.properties()) {
      if (!token.getValue().canConvertToInt() || !token.getValue().isIntegralNumber()) {
        throw refused(file, "\"" + token.getKey() + "\": " + token.getValue());
      }
      texts = texts.put(Tuple.of(token.getValue().intValue(), token.getKey()));
    }
    return texts::get;
  }

  /**
   * {@return a vocabulary of tokens in the order of their ids}
   *
   * @param tokens that of id 0 first
   */
  static Vocabulary of(Seq<String> tokens) {
    return id -> Option.when(id >= 0 && id < tokens.size(), () -> tokens.get(id));
  }

  private static RuntimeException refused(Path file, String written) {
    String shown = written.length() > 120 ? written.substring(0, 120) + "…" : written;
    return Problem.of(
            "vocabulary",
            file + " with " + shown,
            "a tokenizer.json, a JSON list of tokens, a JSON object from tokens to ids, or lines of"
                + " text",
            "--vocabulary tokenizer.json, as it lies beside the weights of the model")
        .exception();
  }
}
