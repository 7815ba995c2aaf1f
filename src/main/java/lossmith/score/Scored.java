package lossmith.score;

/**
 * One objective on one set of rollouts, evaluated once.
 *
 * @param score its row
 * @param tokens its numbers per token
 */
public record Scored(Score score, TokenScores tokens) {}
