@NullMarked
package lossmith.console;

import org.jspecify.annotations.NullMarked;
