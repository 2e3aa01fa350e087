/// The Cedar policy language: values, expressions, parser, evaluator, authorizer. Knows only the
/// JDK.
///
/// ```java
/// var policies = PolicySet.parse(Map.of("staff-may-read", """
///     permit(principal in Group::"staff", action == Action::"read", resource is File)
///     unless { resource.secret };
///     """));
/// var request = new Request(alice, EntityUid.of("Action", "read"), report);
/// var response = Authorizer.authorize(request, entities, policies);
/// if (response.allowed() && response.errors().isEmpty()) { ... }
/// ```
///
/// The language is Cedar 4.5, with one difference: parentheses around the entity of a scope, which
/// the reference implementation accepts beyond the published grammar, are refused.
@org.jspecify.annotations.NullMarked
package io.prokura.cedar;
