package lossmith.recipes.part;

import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.part.AdvantageParts.part;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.advantage.Teacher;
import lossmith.recipes.part.AdvantageParts.Estimator;

/** How much more probable a teacher, the reference, finds what the policy sampled. */
final class TeacherParts {
  private TeacherParts() {}

  static Seq<Part<Estimator>> all() {
    return List.of(
        part("teacher", (r, c) -> Teacher.gap().as("A")),
        part("teacher-to-go", (r, c) -> Teacher.toGo(0.95).as("A")),
        part("teacher-early", (r, c) -> Teacher.early().as("A")),
        part("group-normalised-teacher", TeacherParts::both));
  }

  private static Detached<Token> both(Detached<Sequence> reward, Conventions c) {
    Detached<Token> gap = Teacher.gap().scaledBy(parameter("teacher_coef", 1, 0, 1e3));
    return Advantages.groupNormalised(reward, c).as("R").plus(gap).as("A");
  }
}
