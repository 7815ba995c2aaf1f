package lossmith.export;

import lossmith.dsl.Loss;

/**
 * An objective by itself, under whatever conventions it was made.
 *
 * @param name what to call it, such as {@code grpo}
 * @param title what it is, in one line
 * @param loss what is minimised
 */
public record Objective(String name, String title, Loss loss) {}
