@NullMarked
package lossmith.export;

import org.jspecify.annotations.NullMarked;
