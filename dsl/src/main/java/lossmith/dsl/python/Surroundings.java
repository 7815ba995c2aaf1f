package lossmith.dsl.python;

import io.vavr.collection.Map;
import lossmith.dsl.Node;

/**
 * What stands in a module around an objective that another program calls.
 *
 * @param prepared what is computed of a whole batch before its policy is known, by the column that
 *     the objective reads it from; none where it reads a whole batch itself
 * @param imports lines after the imports of the module
 * @param code what calls the objective, at the end of the module
 * @param exported the name in it that others use
 */
public record Surroundings(
    Map<String, Node> prepared, String imports, String code, String exported) {}
