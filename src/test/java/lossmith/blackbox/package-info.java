@NullMarked
package lossmith.blackbox;

import org.jspecify.annotations.NullMarked;
