package io.prokura.kernel;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;

/// An immutable name the server gave to a thing: a prefix that says what it is and 128 bits in
/// lower-case Crockford base32. It is never reused.
///
/// What is registered has 128 random bits, which say nothing else. What is made thousands of times
/// a second (a token, a decision, an entry) begins with the time it was made, which it states
/// anyhow, so that an index takes its ids in at one end: 48 bits of milliseconds, 80 random ones.
public sealed interface Id {

  /// The whole text, prefix included: `agt_…`.
  String text();

  /// Someone or something that can be authenticated and held to account.
  sealed interface Principal extends Id {

    /// What this principal is in a token: a value of the claim `sub_profile`
    /// (draft-mora-oauth-entity-profiles).
    default String profile() {
      return switch (this) {
        case User _ -> "user";
        case Agent _ -> "ai_agent";
        case Workload _ -> "service";
      };
    }

    /// The principal that `text` names, if it is the well-formed id of one.
    static Optional<Principal> parse(String text) {
      return switch (prefix(text)) {
        case "usr_" -> User.parse(text).map(Function.identity());
        case "agt_" -> Agent.parse(text).map(Function.identity());
        case "wkl_" -> Workload.parse(text).map(Function.identity());
        default -> Optional.empty();
      };
    }
  }

  /// A person.
  record User(String text) implements Principal {
    public static Optional<User> parse(String text) {
      return wellFormed("usr_", text).map(User::new);
    }

    public static User random(World world) {
      return new User(draw("usr_", world));
    }
  }

  /// A registered AI system.
  record Agent(String text) implements Principal {
    public static Optional<Agent> parse(String text) {
      return wellFormed("agt_", text).map(Agent::new);
    }

    public static Agent random(World world) {
      return new Agent(draw("agt_", world));
    }
  }

  /// A server, service, device or application that runs.
  record Workload(String text) implements Principal {
    public static Optional<Workload> parse(String text) {
      return wellFormed("wkl_", text).map(Workload::new);
    }

    public static Workload random(World world) {
      return new Workload(draw("wkl_", world));
    }
  }

  /// A named set of users.
  record Group(String text) implements Id {
    public static Optional<Group> parse(String text) {
      return wellFormed("grp_", text).map(Group::new);
    }

    public static Group random(World world) {
      return new Group(draw("grp_", world));
    }
  }

  /// An application that people use. One that is known by the URL of a document about it has the
  /// id that follows from the URL.
  record Client(String text) implements Id {
    /// The id that `text` is or, for the URL of a document, stands for.
    public static Optional<Client> parse(String text) {
      return DocumentUrl.parse(text)
          .map(url -> new Client("cli_" + url.digest()))
          .or(() -> wellFormed("cli_", text).map(Client::new));
    }

    public static Client random(World world) {
      return new Client(draw("cli_", world));
    }
  }

  /// A server elsewhere whose signed words are believed within bounds.
  record Issuer(String text) implements Id {
    public static Optional<Issuer> parse(String text) {
      return wellFormed("iss_", text).map(Issuer::new);
    }

    public static Issuer random(World world) {
      return new Issuer(draw("iss_", world));
    }
  }

  /// Whom a trusted issuer means by one of its names.
  record Link(String text) implements Id {
    public static Optional<Link> parse(String text) {
      return wellFormed("lnk_", text).map(Link::new);
    }

    public static Link random(World world) {
      return new Link(draw("lnk_", world));
    }
  }

  /// The time from one sign-in of a person with a browser to its end.
  record Session(String text) implements Id {
    public static Optional<Session> parse(String text) {
      return wellFormed("ses_", text).map(Session::new);
    }

    public static Session random(World world) {
      return new Session(draw("ses_", world));
    }
  }

  /// One way in which a principal or client proves itself.
  record Credential(String text) implements Id {
    public static Optional<Credential> parse(String text) {
      return wellFormed("crd_", text).map(Credential::new);
    }

    public static Credential random(World world) {
      return new Credential(draw("crd_", world));
    }
  }

  /// A protected API or MCP server.
  record Resource(String text) implements Id {
    public static Optional<Resource> parse(String text) {
      return wellFormed("res_", text).map(Resource::new);
    }

    public static Resource random(World world) {
      return new Resource(draw("res_", world));
    }
  }

  /// A registered reason to act.
  record Purpose(String text) implements Id {
    public static Optional<Purpose> parse(String text) {
      return wellFormed("pur_", text).map(Purpose::new);
    }

    public static Purpose random(World world) {
      return new Purpose(draw("pur_", world));
    }
  }

  /// Policies that are being written.
  record Draft(String text) implements Id {
    public static Optional<Draft> parse(String text) {
      return wellFormed("drf_", text).map(Draft::new);
    }

    public static Draft random(World world) {
      return new Draft(draw("drf_", world));
    }
  }

  /// A permission given to one principal on one resource.
  record Permission(String text) implements Id {
    public static Optional<Permission> parse(String text) {
      return wellFormed("per_", text).map(Permission::new);
    }

    public static Permission random(World world) {
      return new Permission(draw("per_", world));
    }
  }

  /// A named set of permissions.
  record Role(String text) implements Id {
    public static Optional<Role> parse(String text) {
      return wellFormed("rol_", text).map(Role::new);
    }

    public static Role random(World world) {
      return new Role(draw("rol_", world));
    }
  }

  /// That a principal or a group holds a role.
  record Assignment(String text) implements Id {
    public static Optional<Assignment> parse(String text) {
      return wellFormed("asg_", text).map(Assignment::new);
    }

    public static Assignment random(World world) {
      return new Assignment(draw("asg_", world));
    }
  }

  /// A standing, revocable permission of one principal for an agent to act for it.
  record Delegation(String text) implements Id {
    public static Optional<Delegation> parse(String text) {
      return wellFormed("dlg_", text).map(Delegation::new);
    }

    public static Delegation random(World world) {
      return new Delegation(draw("dlg_", world));
    }
  }

  /// A request that a person answers while its client asks again and again for the answer.
  record PolledRequest(String text) implements Id {
    public static Optional<PolledRequest> parse(String text) {
      return wellFormed("req_", text).map(PolledRequest::new);
    }

    public static PolledRequest random(World world) {
      return new PolledRequest(draw("req_", world));
    }
  }

  /// What a person allowed an application.
  record Consent(String text) implements Id {
    public static Optional<Consent> parse(String text) {
      return wellFormed("cns_", text).map(Consent::new);
    }

    public static Consent random(World world) {
      return new Consent(draw("cns_", world));
    }
  }

  /// What came of one authorization request: what its code and refresh tokens stand for.
  record Grant(String text) implements Id {
    public static Optional<Grant> parse(String text) {
      return wellFormed("grt_", text).map(Grant::new);
    }

    public static Grant next(World world) {
      return new Grant(drawTimed("grt_", world));
    }
  }

  /// One issued token: its `jti`.
  record Token(String text) implements Id {
    public static Optional<Token> parse(String text) {
      return wellFormed("tok_", text).map(Token::new);
    }

    public static Token next(World world) {
      return new Token(drawTimed("tok_", world));
    }
  }

  /// A piece of work that a chain of tokens belongs to.
  record Task(String text) implements Id {
    public static Optional<Task> parse(String text) {
      return wellFormed("tsk_", text).map(Task::new);
    }

    public static Task random(World world) {
      return new Task(draw("tsk_", world));
    }
  }

  /// A request that exactly one action be approved, and the approval that comes of it.
  record Approval(String text) implements Id {
    public static Optional<Approval> parse(String text) {
      return wellFormed("apr_", text).map(Approval::new);
    }

    public static Approval random(World world) {
      return new Approval(draw("apr_", world));
    }
  }

  /// One answer of the policy decision point.
  record Decision(String text) implements Id {
    public static Optional<Decision> parse(String text) {
      return wellFormed("dec_", text).map(Decision::new);
    }

    public static Decision next(World world) {
      return new Decision(drawTimed("dec_", world));
    }
  }

  /// One entry of the record.
  record Entry(String text) implements Id {
    public static Optional<Entry> parse(String text) {
      return wellFormed("evt_", text).map(Entry::new);
    }

    public static Entry next(World world) {
      return new Entry(drawTimed("evt_", world));
    }
  }

  /// The name under which a person appears in the record.
  record Pseudonym(String text) implements Id {
    public static Optional<Pseudonym> parse(String text) {
      return wellFormed("psn_", text).map(Pseudonym::new);
    }

    public static Pseudonym random(World world) {
      return new Pseudonym(draw("psn_", world));
    }
  }

  /// What lets a program that nobody knows register itself a few times.
  record RegistrationToken(String text) implements Id {
    public static Optional<RegistrationToken> parse(String text) {
      return wellFormed("rgt_", text).map(RegistrationToken::new);
    }

    public static RegistrationToken random(World world) {
      return new RegistrationToken(draw("rgt_", world));
    }
  }

  private static String prefix(String text) {
    return text.length() < 4 ? "" : text.substring(0, 4);
  }

  private static Optional<String> wellFormed(String prefix, String text) {
    return text.startsWith(prefix) && Crockford.isEncoded(text, prefix.length())
        ? Optional.of(text)
        : Optional.empty();
  }

  private static String draw(String prefix, World world) {
    var random = ByteBuffer.wrap(world.bytes(2 * Long.BYTES));
    return prefix + Crockford.encode(random.getLong(), random.getLong());
  }

  private static String drawTimed(String prefix, World world) {
    var random = ByteBuffer.wrap(world.bytes(Short.BYTES + Long.BYTES));
    long time = world.clock().millis() << Short.SIZE;
    return prefix + Crockford.encode(time | (random.getShort() & 0xffff), random.getLong());
  }
}
