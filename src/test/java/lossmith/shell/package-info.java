@NullMarked
package lossmith.shell;

import org.jspecify.annotations.NullMarked;
