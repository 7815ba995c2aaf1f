package lossmith.explain;

import com.sun.source.tree.Scope;
import com.sun.source.util.TreePath;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** The names that a text could have used. */
final class Members {
  private final Attributed read;

  Members(Attributed read) {
    this.read = read;
  }

  /** The methods that are called on a value. */
  Seq<Signature> ofValue(@Nullable TypeMirror type) {
    return type instanceof DeclaredType declared
        ? methods((TypeElement) declared.asElement())
            .reject(Members::isStatic)
            .map(
                method ->
                    Signature.of(
                        method, (ExecutableType) read.types().asMemberOf(declared, method)))
        : List.empty();
  }

  /** The static methods of a class. */
  Seq<Signature> ofClass(TypeElement type) {
    return methods(type).filter(Members::isStatic).map(Members::signature);
  }

  private static Signature signature(ExecutableElement method) {
    return Signature.of(method, (ExecutableType) method.asType());
  }

  /** The methods that are called by their name alone. */
  Seq<Signature> inScope(TreePath from) {
    Seq<ExecutableElement> own = enclosing(from).toList().flatMap(this::methods);
    Seq<ExecutableElement> imported =
        classes(true).flatMap(this::methods).filter(Members::isStatic);
    return own.appendAll(imported).map(Members::signature);
  }

  private Option<TypeElement> enclosing(TreePath from) {
    return Option.of(read.trees().getScope(from)).map(Scope::getEnclosingClass);
  }

  /** The names of constants, variables and classes that stand for themselves. */
  Seq<String> words(TreePath from) {
    Seq<Element> local = List.empty();
    for (Scope scope = read.trees().getScope(from);
        scope != null && scope.getEnclosingMethod() != null;
        scope = scope.getEnclosingScope()) {
      local = local.appendAll(scope.getLocalElements());
    }
    Seq<Element> constants =
        classes(true)
            .<Element>flatMap(type -> ElementFilter.fieldsIn(read.elements().getAllMembers(type)))
            .filter(Members::isPublic);
    Seq<Element> types =
        read.imported(false)
            .flatMap(name -> Option.of(read.elements().getPackageElement(name)))
            .<Element>flatMap(PackageElement::getEnclosedElements)
            .filter(Members::isPublic);
    return local
        .filter(element -> element.getKind() != ElementKind.METHOD)
        .appendAll(constants)
        .appendAll(types)
        .map(element -> element.getSimpleName().toString())
        .reject(name -> name.equals("this") || name.equals("super"));
  }

  /** The constants of a class. */
  Seq<String> constants(TypeElement type) {
    return List.ofAll(ElementFilter.fieldsIn(read.elements().getAllMembers(type)))
        .filter(field -> isPublic(field) && isStatic(field))
        .map(field -> field.getSimpleName().toString());
  }

  private Seq<TypeElement> classes(boolean statics) {
    return read.imported(statics).flatMap(name -> type(name));
  }

  Option<TypeElement> type(String name) {
    return Option.of(read.elements().getTypeElement(name));
  }

  private Seq<ExecutableElement> methods(TypeElement type) {
    return List.ofAll(ElementFilter.methodsIn(read.elements().getAllMembers(type)))
        .reject(
            method ->
                method.getEnclosingElement().toString().equals("java.lang.Object")
                    || method.getModifiers().contains(Modifier.PRIVATE))
        .filter(
            method ->
                isPublic(method) || !type.getQualifiedName().toString().startsWith("lossmith."));
  }

  private static boolean isStatic(Element element) {
    return element.getModifiers().contains(Modifier.STATIC);
  }

  private static boolean isPublic(Element element) {
    return element.getModifiers().contains(Modifier.PUBLIC);
  }
}
