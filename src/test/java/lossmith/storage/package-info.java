@NullMarked
package lossmith.storage;

import org.jspecify.annotations.NullMarked;
