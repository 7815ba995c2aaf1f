@NullMarked
package lossmith.python;

import org.jspecify.annotations.NullMarked;
