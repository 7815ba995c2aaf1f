package lossmith.proofs.subject;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Stream;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.magnitude.Magnitude;
import lossmith.dsl.schedule.Schedule;
import lossmith.ops.AutomaticGradient;
import lossmith.ops.CompiledLoss;
import lossmith.ops.memory.Precision;
import lossmith.proofs.role.Presumption;
import lossmith.proofs.stated.Statement;
import lossmith.proofs.stated.Statements;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import org.jspecify.annotations.Nullable;

/**
 * An objective under proof: bound and compiled once at each surface, tried on many cases.
 *
 * <p>Long because every law asks one object, which finds each number once.
 */
public final class Subject implements AutoCloseable {
  /** How many of its cases are kept. */
  private static final int KEPT = 64;

  private final UnaryOperator<BoundLoss> referred;
  private final UnaryOperator<BoundLoss> translated;
  private final Seq<Claim> claims;
  private final Option<Statement> statement;
  private final Narrowing narrowing;
  private final String name;
  private final Loss loss;
  private final Cases cases;
  private final Map<String, Range> parameters;
  private final EnumMap<Surface, BoundLoss> bound = new EnumMap<>(Surface.class);
  private final EnumMap<Surface, Ahead<CompiledLoss>> compiled = new EnumMap<>(Surface.class);
  private final EnumMap<Surface, Either<String, AutomaticGradient>> automatic =
      new EnumMap<>(Surface.class);

  private final Fold<Node> scaled = Magnitude.fold();
  private final IdentityHashMap<Trial, Evaluations> last = new IdentityHashMap<>();
  private final IdentityHashMap<UnaryOperator<Loss>, Option<Subject>> rewritten =
      new IdentityHashMap<>();

  private final IdentityHashMap<Function<Subject, Map<String, Node>>, Map<String, Node>> derived =
      new IdentityHashMap<>();

  private final HashMap<String, BoundLoss> around = new HashMap<>();
  private final HashMap<Tuple2<Long, Trial.Kind>, Attempt> drawn = new HashMap<>();
  private @Nullable Seq<Isolated> presumed;
  private final Ahead<Rowwise> rowwise;
  private final Ahead<HiddenStates> hidden;
  private @Nullable Schedule schedule;

  /**
   * A subject that claims nothing of itself.
   *
   * @param name what to call it in reports
   * @param loss the objective
   */
  public Subject(String name, Loss loss) {
    this(name, loss, List.empty(), Option.none());
  }

  /**
   * A subject.
   *
   * @param name what to call it in reports
   * @param loss the objective
   * @param claims its claims
   * @param statement the same objective as loops over plain numbers, if there is one
   */
  public Subject(String name, Loss loss, Seq<Claim> claims, Option<Statement> statement) {
    this(name, loss, claims, statement, Narrowing.NONE);
  }

  /**
   * The same, on cases that are inputs of it.
   *
   * @param name what to call it in reports
   * @param loss the objective
   * @param claims its claims
   * @param statement the same objective as loops over plain numbers, if there is one
   * @param narrowing what of all cases it is meant for
   */
  public Subject(
      String name, Loss loss, Seq<Claim> claims, Option<Statement> statement, Narrowing narrowing) {
    this(
        name,
        loss,
        claims,
        statement,
        narrowing,
        UnaryOperator.identity(),
        UnaryOperator.identity());
    Problem.throwAll(narrowing.mistakes(ranges()));
  }

  /** {@return a recipe under the papers' conventions} */
  public static Subject of(Recipe recipe) {
    return of(recipe, Conventions.paper());
  }

  /**
   * {@return a recipe under some conventions}
   *
   * @param recipe the recipe
   * @param conventions under others than the papers', the recipe's claims are left out, but for the
   *     laws that it deviates from: its claims and its statement speak of the paper's formula
   */
  public static Subject of(Recipe recipe, Conventions conventions) {
    boolean paper = conventions.equals(Conventions.paper());
    return new Subject(
        recipe.name(),
        recipe.loss(conventions),
        paper ? recipe.claims() : List.narrow(deviations(recipe.claims()).toList()),
        paper ? stated(recipe) : Option.none());
  }

  /** A class that is a statement too states itself. */
  private static Option<Statement> stated(Recipe recipe) {
    return recipe instanceof Statement own ? Option.some(own) : Statements.of(recipe.name());
  }

  /** A subject whose bound form was tampered with, in one meaning or the other. */
  public Subject(
      String name,
      Loss loss,
      Seq<Claim> claims,
      Option<Statement> statement,
      Narrowing narrowing,
      UnaryOperator<BoundLoss> referred,
      UnaryOperator<BoundLoss> translated) {
    this.narrowing = narrowing;
    this.claims = claims;
    this.statement = statement;
    this.referred = referred;
    this.translated = translated;
    this.name = name;
    this.loss = loss;
    this.cases = new Cases(loss, narrowing.batches());
    this.parameters = narrowing.of(ranges());
    this.rowwise = new Ahead<>(() -> new Rowwise(loss), Rowwise::close);
    this.hidden = new Ahead<>(() -> new HiddenStates(loss), HiddenStates::close);
    for (Surface surface : Surface.values()) {
      compiled.put(surface, new Ahead<>(() -> compile(surface), CompiledLoss::close));
    }
  }

  private Map<String, Range> ranges() {
    return Inputs.of(nodes(bound(Surface.LOGITS)))
        .parameters()
        .toLinkedMap(s -> Tuple.of(s.name(), s.range()))
        .put(Columns.TEMPERATURE, BoundLoss.TEMPERATURE);
  }

  private static Seq<Node> nodes(BoundLoss bound) {
    return List.ofAll(bound.parts().values()).appendAll(bound.metrics().values());
  }

  /** {@return what to call it} */
  public String name() {
    return name;
  }

  /** {@return the objective} */
  public Loss loss() {
    return loss;
  }

  /** Whether its author claims anything of it. */
  public boolean claimed() {
    return claims.size() > deviations().size() || statement.isDefined();
  }

  /** {@return the laws of its kind that it rightly does not keep} */
  public Seq<Claim.Deviates> deviations() {
    return deviations(claims);
  }

  private static Seq<Claim.Deviates> deviations(Seq<Claim> claims) {
    return claims.filter(Claim.Deviates.class::isInstance).map(Claim.Deviates.class::cast);
  }

  /** Another objective with the same claims. */
  public Subject with(Loss other) {
    UnaryOperator<BoundLoss> same = UnaryOperator.identity();
    return new Subject(name, other, claims, statement, narrowing, same, same);
  }

  /** {@return its claims} */
  public Seq<Claim> claims() {
    return claims;
  }

  /** {@return the same objective as loops over plain numbers, if there is one} */
  public Option<Statement> statement() {
    return statement;
  }

  /**
   * {@return its parameters by name, the temperature among them, and the range each is drawn from}
   */
  public Map<String, Range> parameters() {
    return parameters;
  }

  /** {@return the case of a seed, of the kind whose turn it is; as with a kind} */
  public Trial trial(long seed) {
    return trial(seed, Trial.Kind.of(seed));
  }

  /**
   * {@return a case for this objective, the same for the same seed; a problem where rounding
   * decides something in each of many draws}
   *
   * @param seed any number
   * @param kind what sort of data
   */
  public Trial trial(long seed, Trial.Kind kind) {
    return attempt(seed, kind).orThrow(name, kind);
  }

  /**
   * {@return the cases of seeds that follow each other, those that can be drawn, one by one as they
   * are asked for}
   *
   * @param first the first seed
   * @param count how many seeds
   */
  public Seq<Trial> trials(long first, int count) {
    return Stream.range(0, count)
        .flatMap(i -> attempt(first + i, Trial.Kind.of(first + i)).trial());
  }

  /**
   * A case, drawn a bounded number of times until rounding decides nothing in it; the first ones
   * are kept, since what is said of an objective beside its laws is asked of them again.
   */
  public Attempt attempt(long seed, Trial.Kind kind) {
    Tuple2<Long, Trial.Kind> key = Tuple.of(seed, kind);
    Attempt known = drawn.get(key);
    if (known != null) {
      known.trial().forEach(this::evaluating);
      return known;
    }
    Random random = new Random(seed);
    Attempt attempt =
        Attempt.of(
            () -> cases.draw(seed, kind, random, parameters),
            trial -> {
              evaluating(trial);
              return RoundingDecides.against(this, trial);
            });
    if (drawn.size() < KEPT) {
      drawn.put(key, attempt);
    }
    return attempt;
  }

  private void evaluating(Trial trial) {
    last.clear();
    last.put(trial, new Evaluations(this, trial, scaled));
  }

  /** Its evaluations on a case; cached for the case that was drawn last. */
  public Evaluations on(Trial trial) {
    Evaluations known = last.get(trial);
    return known == null ? new Evaluations(this, trial, scaled) : known;
  }

  /** A case as it comes, with whatever rounding decides in it. */
  public Trial draw(long seed, Trial.Kind kind) {
    return cases.draw(seed, kind, new Random(seed), parameters);
  }

  /** The columns drawn for this objective alone, with the domain of each. */
  public Map<String, String> own() {
    return cases.own().removeAll(narrowing.taken());
  }

  /** The columns that this objective reads and not every batch has. */
  public Seq<String> particular() {
    return cases.own().keySet().toList();
  }

  /** The columns that its cases have from recorded data. */
  public Set<String> taken() {
    return narrowing.taken();
  }

  /** Whether a kind of data is an input of it. */
  public boolean tries(Trial.Kind kind) {
    return narrowing.kinds().contains(kind);
  }

  /** The names of what it reads of the rows. */
  public Set<String> statistics() {
    return cases.statistics();
  }

  /**
   * The same objective written otherwise, by one of the rewritings of the laws; nothing where there
   * is nothing to rewrite.
   */
  public Option<Subject> written(UnaryOperator<Loss> otherwise) {
    return rewritten.computeIfAbsent(
        otherwise,
        rewriting -> {
          Loss other = rewriting.apply(loss);
          return Option.when(
              loss.parts()
                  .zip(other.parts())
                  .exists(both -> !HashConsing.same(both._1._2.node(), both._2._2.node())),
              () -> new Subject(name, other, claims, statement, narrowing, referred, translated));
        });
  }

  /**
   * {@return the nodes that a law makes of the objective, whatever the case: made once}
   *
   * @param law what makes them, one object for all cases
   */
  public Map<String, Node> derived(Function<Subject, Map<String, Node>> law) {
    return derived.computeIfAbsent(law, making -> making.apply(this));
  }

  /** {@return the names of the columns and grids of its cases} */
  public Set<String> columns() {
    return cases.columns();
  }

  /** {@return what its parts are presumed to be, each role as a loss of its own} */
  public Seq<Isolated> presumed() {
    Seq<Isolated> known =
        presumed == null
            ? Presumption.of(loss).map(role -> new Isolated(role, cases.columns(), this::on))
            : presumed;
    presumed = known;
    return known;
  }

  /** {@return what must be known before its gradient is} */
  public Schedule schedule() {
    Schedule known = schedule == null ? Schedule.of(loss) : schedule;
    schedule = known;
    return known;
  }

  /** {@return the objective bound to a surface} */
  public BoundLoss bound(Surface surface) {
    return bound.computeIfAbsent(
        surface, s -> referred.apply(BoundLoss.of(loss, s, cases.columns())));
  }

  /**
   * {@return the parts of the objective that a term with a symbol enters, at the columns of
   * statistics: what is claimed of an advantage is claimed of what it multiplies, whatever else is
   * added; all of the objective where it enters all, or none}
   *
   * @param symbol the symbol
   */
  public BoundLoss around(String symbol) {
    return around.computeIfAbsent(
        symbol,
        s -> {
          BoundLoss whole = bound(Surface.STATISTICS);
          Map<String, Node> those = whole.parts().filterValues(part -> Symbols.isBelow(part, s));
          return those.isEmpty() || those.size() == whole.parts().size()
              ? whole
              : whole.only(those);
        });
  }

  /** Begins to compile all that TensorFlow runs, beside whatever is asked of it meanwhile. */
  public void compileAhead() {
    compiled.values().forEach(Ahead::begin);
    rowwise.begin();
    hidden.begin();
  }

  /** {@return the objective compiled at a surface in float64} */
  public CompiledLoss compiled(Surface surface) {
    return Objects.requireNonNull(compiled.get(surface)).get();
  }

  private CompiledLoss compile(Surface surface) {
    BoundLoss translation = translated.apply(BoundLoss.of(loss, surface, cases.columns()));
    return CompiledLoss.of(translation, Precision.FLOAT64, "CPU");
  }

  /** {@return TensorFlow's own gradient at a surface, or what it cannot differentiate} */
  public Either<String, AutomaticGradient> automatic(Surface surface) {
    return automatic.computeIfAbsent(
        surface, s -> AutomaticGradient.of(bound(s), Precision.FLOAT64));
  }

  /** {@return the objective with a few rows of the logits at a time} */
  public Rowwise rowwise() {
    return rowwise.get();
  }

  /** {@return the objective over hidden states and an output matrix} */
  public HiddenStates hiddenStates() {
    return hidden.get();
  }

  @Override
  public void close() {
    rowwise.close();
    hidden.close();
    rewritten.values().forEach(other -> other.forEach(Subject::close));
    compiled.values().forEach(Ahead::close);
    automatic.values().forEach(either -> either.forEach(AutomaticGradient::close));
  }
}
