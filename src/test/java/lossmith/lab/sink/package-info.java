@NullMarked
package lossmith.lab.sink;

import org.jspecify.annotations.NullMarked;
