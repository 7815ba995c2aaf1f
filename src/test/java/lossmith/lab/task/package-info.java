@NullMarked
package lossmith.lab.task;

import org.jspecify.annotations.NullMarked;
