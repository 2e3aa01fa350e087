package io.prokura.grants;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Refused;
import java.util.Optional;

/// How clients that were written for another server talk to the token endpoint. It says what they
/// mean in the words of ours, and answers for the codes that it issues itself; all that is checked
/// of anybody is checked of them.
public interface Dialect {
  /// That of clients which keep to the standards.
  Dialect NONE = new Dialect() {};

  /// What `client` means by `form`.
  default Form meant(AuthenticatedClient client, Form form) {
    return form;
  }

  /// The answer to a code that no person's browser brought; nothing where it is none of those.
  default Optional<Result<TokenAnswer>> redeem(AuthenticatedClient client, Form form, String peer) {
    return Optional.empty();
  }

  /// A refusal of `form` in words that its clients know.
  default Refused<?> worded(Form form, Refused<?> refused) {
    return refused;
  }
}
