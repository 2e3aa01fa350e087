package io.prokura.demo;

/// Everybody and everything the story starts from.
///
/// @param alicesHands the management API with a token of Alice
/// @param alice the id of the person acted for
/// @param dana the id of the agents' owner
/// @param ben the id of the backup owner
/// @param resource the id of the CRM as a resource
/// @param purpose the id of the purpose `support.triage`
/// @param vkey the log's public key, noted before anything happens
record Cast(
    Administrator administrator,
    Administrator alicesHands,
    Crm crm,
    String alice,
    String dana,
    String ben,
    String resource,
    String purpose,
    String vkey) {

  static final String PURPOSE = "support.triage";
  static final String TICKETS_READ = "tickets.read";
  static final String CONTACTS_READ = "contacts.read";
  static final String CONTACTS_DELETE = "contacts.delete";
  static final String CONTACTS_EXPORT = "contacts.export";
}
