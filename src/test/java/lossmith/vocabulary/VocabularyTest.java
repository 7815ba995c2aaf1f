package lossmith.vocabulary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {
  /** A byte-level tokenizer as models have it: Ġ is a space, Ċ a new line, Ã and © are é. */
  private static final String BYTES =
      """
      {"version":"1.0","truncation":null,"padding":null,
       "added_tokens":[{"id":0,"content":"<eos>","single_word":false,"lstrip":false,
         "rstrip":false,"normalized":false,"special":true}],
       "normalizer":null,
       "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,
         "use_regex":true},
       "post_processor":null,
       "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
       "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
         "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
         "vocab":{"<eos>":0,"a":1,"b":2,"Ġ":3,"Ċ":4,"Ã":5,"©":6,"ab":7,"Ġa":8,"Ã©":9},
         "merges":[["a","b"],["Ġ","a"],["Ã","©"]]}}
      """;

  /** One of whole words, in which ▁ is a space that is lost at the beginning of a text. */
  private static final String WORDS =
      """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
       "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always",
         "split":true},
       "post_processor":null,
       "decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
       "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,
         "vocab":[["<unk>",0.0],["▁",-1.0],["a",-2.0],["▁the",-3.0],["cat",-3.0]]}}
      """;

  private static Vocabulary of(Path folder, String name, String text) throws IOException {
    return Vocabulary.read(Files.writeString(folder.resolve(name), text));
  }

  @Test
  void aTokenizerDecodesBytes(@TempDir Path folder) throws IOException {
    Vocabulary read = of(folder, "tokenizer.json", BYTES);
    assertEquals(
        Stream.of("<eos>", "a", "b", " ", "\n").map(Option::some).toList(),
        Stream.of(0, 1, 2, 3, 4).map(read::text).toList());
    assertEquals(
        Stream.of("ab", " a", "é").map(Option::some).toList(),
        Stream.of(7, 8, 9).map(read::text).toList());
    assertEquals(Option.none(), read.text(10));
    assertEquals(Option.none(), read.text(-1));
  }

  @Test
  void aSpaceAtTheBeginningOfAWordIsKept(@TempDir Path folder) throws IOException {
    Vocabulary read = of(folder, "tokenizer.json", WORDS);
    assertEquals(
        Stream.of(" ", "a", " the", "cat").map(Option::some).toList(),
        Stream.of(1, 2, 3, 4).map(read::text).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "list.json  | [\"a\", \" b\"]",
        "named.json | {\"tokens\": [\"a\", \" b\"], \"size\": 2}",
        "ids.json   | {\" b\": 1, \"a\": 0}",
        "vocab.txt  | 'a\n b\n'"
      })
  void aListIsRead(String name, String text, @TempDir Path folder) throws IOException {
    Vocabulary read = of(folder, name, text);
    assertEquals(Option.some("a"), read.text(0));
    assertEquals(Option.some(" b"), read.text(1));
    assertEquals(Option.none(), read.text(2));
    assertEquals(Option.none(), read.text(-1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.json | {                | no JSON",
        "b.json | [\"a\", 1]       | a list with 1",
        "c.json | {\"a\": \"b\"}   | \"a\": \"b\"",
        "d.json | {\"a\": 1.5}     | \"a\": 1.5",
        "e.json | {}               | without fields",
        "f.json | 7                | 7",
        "g.json | {\"model\": {}}  | does not read"
      })
  void whatIsNoVocabularyIsToldSo(String name, String text, String written, @TempDir Path folder) {
    String told = problem(() -> of(folder, name, text));
    assertTrue(told.contains(written), told);
    assertTrue(told.contains(name), told);
  }

  private static String problem(Executable work) {
    return String.valueOf(assertThrows(ProblemException.class, work).getMessage());
  }

  @Test
  void bytesThatAreNoTextAreToldSo(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("vocab.txt"), new byte[] {'a', '\n', (byte) 0xff});
    String told = problem(() -> Vocabulary.read(file));
    assertTrue(told.contains("no text in UTF-8"), told);
  }
}
