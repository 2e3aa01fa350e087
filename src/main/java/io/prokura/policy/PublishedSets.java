package io.prokura.policy;

/// Both sets of policies as they are published.
public record PublishedSets(PublishedSet organisation, PublishedSet management) {

  public PublishedSets {
    if (organisation.set() != PolicySetName.ORGANISATION
        || management.set() != PolicySetName.MANAGEMENT) {
      throw new IllegalArgumentException("the sets are exchanged");
    }
  }

  /// The set of this name.
  public PublishedSet of(PolicySetName name) {
    return switch (name) {
      case ORGANISATION -> organisation;
      case MANAGEMENT -> management;
    };
  }

  /// Compiles and puts in force what other nodes have published.
  public void catchUp() {
    management.catchUp();
    organisation.catchUp();
  }

  /// Whether this node decides by the newest policies that it has heard of.
  public boolean areCurrent() {
    return organisation.isCurrent() && management.isCurrent();
  }
}
