@NullMarked
package lossmith.objective;

import org.jspecify.annotations.NullMarked;
