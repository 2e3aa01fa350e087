package io.prokura.cedar;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// A policy made from a template of the same [PolicySet].
///
/// @param id the id of the policy
/// @param template the id of the template
/// @param values the entities that fill the slots, all of them and no others
public record TemplateLink(String id, String template, Map<Slot, EntityUid> values) {

  public TemplateLink {
    var copy = new EnumMap<Slot, EntityUid>(Slot.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
  }
}
