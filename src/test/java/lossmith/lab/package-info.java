@NullMarked
package lossmith.lab;

import org.jspecify.annotations.NullMarked;
