package io.prokura.demo;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import io.prokura.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A tool of the CRM. Its name is the action that is decided on and the scope that it needs.
enum Tool {
  /// Lists what customers wrote.
  TICKETS_READ(Cast.TICKETS_READ, "Ticket", "Lists the open tickets.", false, true),
  /// Reads one contact.
  CONTACTS_READ(Cast.CONTACTS_READ, "Contact", "Reads one contact.", true, true),
  /// Deletes one contact.
  CONTACTS_DELETE(Cast.CONTACTS_DELETE, "Contact", "Deletes one contact for good.", true, false),
  /// Hands out all contacts.
  CONTACTS_EXPORT(Cast.CONTACTS_EXPORT, "Contact", "Exports all contacts.", false, true);

  /// The argument that names a contact.
  static final String CONTACT = "contact";

  /// What a tool that takes no contact is about.
  static final String ALL = "all";

  private static final String CONTACT_SYNTAX = "^c-[0-9]{1,9}$";
  private static final Pattern CONTACT_PATTERN = Pattern.compile(CONTACT_SYNTAX);

  private final String action;
  private final String type;
  private final String description;
  private final boolean isAboutOne;
  private final boolean isReading;

  Tool(String action, String type, String description, boolean isAboutOne, boolean isReading) {
    this.action = action;
    this.type = type;
    this.description = description;
    this.isAboutOne = isAboutOne;
    this.isReading = isReading;
  }

  /// The tool of this name.
  static Optional<Tool> named(String name) {
    return List.of(values()).stream().filter(tool -> tool.action.equals(name)).findFirst();
  }

  /// The names of all.
  static List<String> actions() {
    return Arrays.stream(values()).map(Tool::action).toList();
  }

  /// The name, which is the action and the scope.
  String action() {
    return action;
  }

  /// The type of what it is about.
  String type() {
    return type;
  }

  /// What these arguments are about: the contact they name, or everything. Empty when they do not
  /// fit the tool.
  Optional<String> object(Json.Obj arguments) {
    if (!isAboutOne) {
      return arguments.members().isEmpty() ? Optional.of(ALL) : Optional.empty();
    }
    return arguments
        .text(CONTACT)
        .filter(_ -> arguments.members().size() == 1)
        .filter(text -> CONTACT_PATTERN.matcher(text).matches());
  }

  /// The arguments of a call about `object`.
  Json.Obj arguments(String object) {
    return isAboutOne ? Json.object().put(CONTACT, object).build() : Json.object().build();
  }

  /// The tool as `tools/list` shows it.
  McpSchema.Tool described() {
    var contact =
        Map.<String, Object>of(
            "type", "string", "pattern", CONTACT_SYNTAX, "description", "The contact's id.");
    var schema =
        Map.<String, Object>of(
            "type",
            "object",
            "properties",
            isAboutOne ? Map.of(CONTACT, contact) : Map.of(),
            "required",
            isAboutOne ? List.of(CONTACT) : List.of(),
            "additionalProperties",
            false);
    return McpSchema.Tool.builder(action, schema)
        .description(description)
        .annotations(
            ToolAnnotations.builder().readOnlyHint(isReading).destructiveHint(!isReading).build())
        .build();
  }

  /// What the CRM answers once the call is allowed.
  Json.Obj outcome(String object) {
    return switch (this) {
      case TICKETS_READ -> Json.object().put("tickets", List.of("T-1: printer on fire")).build();
      case CONTACTS_READ ->
          Json.object()
              .put("id", object)
              .put("name", "Grace Example")
              .put("city", "Aarhus")
              .build();
      case CONTACTS_DELETE -> Json.object().put("deleted", object).build();
      case CONTACTS_EXPORT -> Json.object().put("rows", 48_213).build();
    };
  }
}
