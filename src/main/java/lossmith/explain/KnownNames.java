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
final class KnownNames {
  private final Attributed read;

  KnownNames(Attributed read) {
    this.read = read;
  }

  /** The methods that are called on a value. */
  Seq<CallSignature> ofValue(@Nullable TypeMirror type) {
    return type instanceof DeclaredType declared
        ? methods((TypeElement) declared.asElement())
            .reject(KnownNames::isStatic)
            .map(
                method ->
                    CallSignature.of(
                        method, (ExecutableType) read.types().asMemberOf(declared, method)))
        : List.empty();
  }

  /** The static methods of a class. */
  Seq<CallSignature> ofClass(TypeElement type) {
    return methods(type).filter(KnownNames::isStatic).map(KnownNames::signature);
  }

  private static CallSignature signature(ExecutableElement method) {
    return CallSignature.of(method, (ExecutableType) method.asType());
  }

  /** The methods that are called by their name alone. */
  Seq<CallSignature> inScope(TreePath from) {
    Seq<ExecutableElement> own = enclosing(from).toList().flatMap(this::methods);
    Seq<ExecutableElement> imported =
        classes(true).flatMap(this::methods).filter(KnownNames::isStatic);
    return own.appendAll(imported).map(KnownNames::signature);
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
            .filter(KnownNames::isPublic);
    Seq<Element> types =
        read.imported(false)
            .flatMap(name -> Option.of(read.elements().getPackageElement(name)))
            .<Element>flatMap(PackageElement::getEnclosedElements)
            .filter(KnownNames::isPublic);
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
                "java.lang.Object".equals(String.valueOf(method.getEnclosingElement()))
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
