/** Drawn inputs of all kinds, most of them slightly wrong, that no command may stumble over. */
@org.jspecify.annotations.NullMarked
package lossmith.fuzz;
