package io.prokura.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The certification scenario of the AuthZEN Authorization API 1.0, level Search: a test for each
/// case of chapter 4, against the organisation of `examples/authzen`.
final class CertificationSearchTest {
  private static final String READERS =
      """
      {'subject':{'type':'user'},'action':{'name':'read'},
       'resource':{'type':'record','id':'record-1'}%s}
      """;
  private static final String READABLE =
      """
      {'subject':{'type':'user','id':'alice'},'action':{'name':'read'},
       'resource':{'type':'record'%s}%s}
      """;
  private static final String DOABLE =
      "{'subject':{'type':'user','id':'alice'},'resource':{'type':'record','id':'record-1'}%s}";
  private static final String CONTEXT =
      ",'context':{'time':'2025-06-27T18:03-07:00','ip':'192.168.1.1'}";
  private static final String ALICE = "{\"type\":\"user\",\"id\":\"alice\"}";
  private static final String BOB = "{\"type\":\"user\",\"id\":\"bob\"}";
  private static final String READ = "{\"name\":\"read\"}";
  private static final String WRITE = "{\"name\":\"write\"}";

  private static Records records;

  @BeforeAll
  static void start() {
    records = new Records(Path.of("examples/authzen/policies"), Records.TRUSTED);
  }

  @AfterAll
  static void stop() {
    records.close();
  }

  private static List<String> search(String what, String body) {
    return Records.results(records.found(what, body));
  }

  private static String record(String id) {
    return "{\"type\":\"record\",\"id\":\"" + id + "\"}";
  }

  @Test
  void case4n2n1SubjectsAreFound() {
    assertThat(search("subject", READERS.formatted("")))
        .contains(ALICE, BOB)
        .allSatisfy(one -> assertThat(one).contains("\"type\":\"user\"").contains("\"id\":"));
  }

  @Test
  void case4n2n2SubjectsAreFoundWithContext() {
    assertThat(search("subject", READERS.formatted(CONTEXT)))
        .isEqualTo(search("subject", READERS.formatted("")));
  }

  @Test
  void case4n2n3TheIdOfTheSubjectIsIgnored() {
    var named = READERS.formatted("").replace("{'type':'user'}", "{'type':'user','id':'alice'}");
    assertThat(search("subject", named))
        .isEqualTo(search("subject", READERS.formatted("")))
        .contains(BOB);
  }

  @Test
  void case4n2n4SubjectsAreFoundByAPropertyOfTheResource() {
    var body =
        """
        {'subject':{'type':'user'},'action':{'name':'write'},
         'resource':{'type':'record','id':'record-2','properties':{'status':'archived'}}}
        """;
    assertThat(search("subject", body)).contains(BOB).doesNotContain(ALICE);
  }

  @Test
  void case4n3n1ResourcesAreFound() {
    assertThat(search("resource", READABLE.formatted("", "")))
        .contains(record("record-1"))
        .allSatisfy(one -> assertThat(one).contains("\"type\":\"record\"").contains("\"id\":"));
  }

  @Test
  void case4n3n2ResourcesAreFoundWithContext() {
    assertThat(search("resource", READABLE.formatted("", CONTEXT)))
        .isEqualTo(search("resource", READABLE.formatted("", "")));
  }

  @Test
  void case4n3n3TheIdOfTheResourceIsIgnored() {
    assertThat(search("resource", READABLE.formatted(",'id':'record-1'", "")))
        .isEqualTo(search("resource", READABLE.formatted("", "")))
        .contains(record("record-2"));
  }

  @Test
  void case4n3n4ResourcesAreFoundByAPropertyOfTheSubject() {
    var body =
        """
        {'subject':{'type':'user','id':'bob','properties':{'role':'admin'}},
         'action':{'name':'write'},'resource':{'type':'record'}}
        """;
    assertThat(search("resource", body)).containsExactly(record("record-2"));
  }

  @Test
  void case4n4n1ActionsAreFound() {
    assertThat(search("action", DOABLE.formatted(""))).containsExactly(READ, WRITE);
  }

  @Test
  void case4n4n2ActionsAreFoundWithContext() {
    assertThat(search("action", DOABLE.formatted(CONTEXT))).containsExactly(READ, WRITE);
  }

  @Test
  void case4n4n3ActionsAreFoundByProperties() {
    var body =
        """
        {'subject':{'type':'user','id':'bob','properties':{'role':'admin'}},
         'resource':{'type':'record','id':'record-2','properties':{'status':'archived'}}}
        """;
    assertThat(search("action", body)).contains(WRITE);
  }

  @Test
  void case4n5n1to3PagesLeadToTheEnd() {
    var first = records.found("subject", READERS.formatted(",'page':{'limit':1}"));
    assertThat(Records.results(first)).hasSize(1);
    assertThat(first.object("page").orElseThrow().number("count")).hasValue(1L);
    var found = new java.util.ArrayList<>(Records.results(first));
    var next = Records.next(first);
    for (int i = 0; i < 20 && !next.isEmpty(); i++) {
      var page = records.found("subject", READERS.formatted(",'page':{'token':'" + next + "'}"));
      found.addAll(Records.results(page));
      next = Records.next(page);
    }
    assertThat(next).isEmpty();
    assertThat(found).doesNotHaveDuplicates().isEqualTo(search("subject", READERS.formatted("")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action {'subject':{'type':'user','id':'nobody'},'resource':{'type':'record','id':'1'}}",
        "action {'subject':{'type':'ship','id':'x'},'resource':{'type':'record','id':'record-1'}}",
        "action {'subject':{'type':'user','id':'alice'},'resource':{'type':'ship','id':'x'}}",
        "subject {'subject':{'type':'ship'},'action':{'name':'read'},"
            + "'resource':{'type':'record','id':'record-1'}}",
        "subject {'subject':{'type':'user'},'action':{'name':'read'},"
            + "'resource':{'type':'ship','id':'record-1'}}",
        "subject {'subject':{'type':'user'},'action':{'name':'fly'},"
            + "'resource':{'type':'record','id':'record-1'}}",
        "resource {'subject':{'type':'user','id':'nobody'},'action':{'name':'read'},"
            + "'resource':{'type':'record'}}",
        "resource {'subject':{'type':'user','id':'alice'},'action':{'name':'read'},"
            + "'resource':{'type':'ship'}}",
        "resource {'subject':{'type':'user','id':'alice'},'action':{'name':'fly'},"
            + "'resource':{'type':'record'}}",
      })
  void case4n6WhatIsNotKnownFindsNothing(String search) {
    var parts = search.split(" ", 2);
    var answer = records.found(parts[0], parts[1]);
    assertThat(answer.get("results")).hasValue(Json.texts(List.of()));
    assertThat(Records.next(answer)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subject {'subject':{'type':'user'},'resource':{'type':'record','id':'record-1'}}",
        "resource {'action':{'name':'read'},'resource':{'type':'record'}}",
        "action {'subject':{'type':'user','id':'alice'}}",
        "subject {'subject':{'type':'user'},'action':{'name':'read'},"
            + "'resource':{'type':'record'}}",
        "resource {'subject':{'type':'user'},'action':{'name':'read'},"
            + "'resource':{'type':'record'}}",
        "action {'subject':{'type':'user'},'resource':{'type':'record','id':'record-1'}}",
        "action {'subject':{'type':'user','id':'alice'},'resource':{'type':'record'}}",
        "subject {'subject':{},'action':{'name':'read'},'resource':{'type':'record','id':'1'}}",
        "subject {'subject':'user','action':{'name':'read'},'resource':{'type':'r','id':'1'}}",
        "subject {'subject':{'type':'user'},'action':{'name':1},'resource':{'type':'r','id':'1'}}",
        "resource {'subject':{'type':'user','id':'alice'},'action':{'name':'read'},'resource':{}}",
        "action {'subject':{'type':'user','id':'a'},'resource':{'type':'r','id':'1'},'page':1}",
        "action {'subject':{'type':'user','id':'a'},'resource':{'type':'r','id':'1'},"
            + "'page':{'limit':-1}}",
        "action {'subject':{'type':'user','id':'a'},'resource':{'type':'r','id':'1'},"
            + "'page':{'limit':'1'}}",
        "action {'subject':{'type':'user','id':'a'},'resource':{'type':'r','id':'1'},"
            + "'page':{'token':1}}",
      })
  void case4n7ARequestThatIsNotOneIsRefused(String search) {
    var parts = search.split(" ", 2);
    assertThat(records.ask(parts[0], parts[1]).status()).isEqualTo(400);
  }
}
