#include "lightlane/plan/explain/explain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/acceptance/error_counting.hpp"
#include "lightlane/plan/budget/published.hpp"
#include "lightlane/plan/interop/interop.hpp"

namespace lightlane::plan {
namespace {

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::string_view(" -_/.,()").find(c) == std::string_view::npos)
      out += static_cast<char>(std::tolower(c));
  return out;
}

const ExplainTopic& topic(std::string_view name) {
  const ExplainAnswer answer = explain(name);
  EXPECT_NE(answer.topic, nullptr) << name;
  static const ExplainTopic none;
  return answer.topic == nullptr ? none : *answer.topic;
}

std::string words_of(const ExplainTopic& topic) {
  std::string out = topic.text;
  for (const ExplainClaim& claim : topic.claims) out += " " + claim.right;
  return out;
}

TEST(Explain, EveryTopicHasSourcesThatExist) {
  ASSERT_GT(explain_topics().size(), 100U);
  const auto known = [](const std::vector<std::string>& keys, bool of_claim, const std::string& where) {
    EXPECT_FALSE(keys.empty()) << where;
    for (const std::string& key : keys)
      EXPECT_TRUE(catalog::find_source(key) != nullptr || (!of_claim && key == "Lightlane"))
          << where << ": " << key;
  };
  for (const ExplainTopic& t : explain_topics()) {
    known(t.source, false, t.id);
    EXPECT_LE(t.text.size(), 480U) << t.id << ": a few lines, not a page";
    for (const ExplainClaim& claim : t.claims) {
      known(claim.source, true, t.id);
      if (!claim.numbers.empty()) {
        known(claim.said_by, true, t.id);
      }
    }
  }
}

TEST(Explain, NoNameIsTakenTwiceAndAllAreFound) {
  // A reason code may be a term in capitals: as written, either is found.
  std::map<std::string, const ExplainTopic*> taken, folded_names;
  for (const ExplainTopic& t : explain_topics()) {
    std::vector<std::string> names = t.aliases;
    names.push_back(t.id);
    for (const std::string& name : names) {
      const auto [entry, fresh] = taken.emplace(name, &t);
      EXPECT_TRUE(fresh) << name << ": " << t.id << " and " << entry->second->id;
      const auto [other, first] = folded_names.emplace(folded(name), &t);
      EXPECT_TRUE(first || other->second == &t || t.group == "Reason codes")
          << name << ": " << t.id << " and " << other->second->id;
      EXPECT_EQ(topic(name).id, t.id) << name;
    }
    for (const std::string& other : t.see_also) {
      EXPECT_EQ(topic(other).id, other) << t.id << " sees " << other;
      EXPECT_NE(other, t.id);
    }
    for (const std::string& command : t.commands) EXPECT_TRUE(command.starts_with("lightlane ")) << command;
  }
}

TEST(Explain, AllEightyTwoClaimsOfTheGuidesAreAnsweredOnce) {
  std::multiset<int> numbers;
  for (const ExplainTopic& t : explain_topics())
    for (const ExplainClaim& claim : t.claims) numbers.insert(claim.numbers.begin(), claim.numbers.end());
  EXPECT_EQ(numbers.size(), 82U);
  for (int n = 1; n <= 82; ++n) EXPECT_EQ(numbers.count(n), 1U) << n;
}

TEST(Explain, EveryReasonCodeOfEveryPairIsATopic) {
  std::set<std::string_view> codes = {
      "CAGE",   "POWER",       "HOST_LANE",   "GENDER",       "POLARITY",    "LANE_ORDER", "MGMT",
      "POLISH", "VENDOR_LOCK", "TRANSMITTER", "CHANNEL_LOSS", "REFLECTANCE", "LOSS"};
  for (const catalog::Pmd& a : catalog::pmds()) {
    for (const catalog::Pmd& b : catalog::pmds()) {
      InteropQuestion q;
      q.a.pmd = &a;
      q.b.pmd = &b;
      for (const Reason& reason : interop(q).reasons) codes.insert(reason.code);
    }
  }
  EXPECT_GT(codes.size(), 20U);
  for (const std::string_view code : codes) EXPECT_FALSE(topic(code).text.empty()) << code;
}

TEST(Explain, AbbreviationsThatVerbsPrint) {
  for (const char* word :
       {"TDECQ",   "TECQ",      "TDEC",   "TDP",         "SECQ",       "VECP",     "SRS",      "OMA",
        "ER",      "RIN",       "SMSR",   "ORL",         "MPI",        "DGD",      "BER",      "SER",
        "SNR",     "eSNR",      "FEC",    "KP4",         "KR4",        "PCS",      "PMA",      "AUI",
        "C2M",     "FFE",       "DFE",    "MLSE",        "CTLE",       "CDR",      "DSP",      "DAC",
        "ADC",     "TIA",       "MZM",    "EML",         "DML",        "VCSEL",    "DFB",      "SOA",
        "APD",     "PIN",       "NRZ",    "PAM4",        "UI",         "GBd",      "SSPRQ",    "PRBS13Q",
        "PRBS31Q", "PRBS31",    "CMIS",   "SFF-8636",    "SFF-8024",   "DOM",      "VDM",      "LOS",
        "QSFP-DD", "OSFP",      "QSFP28", "QSFP112",     "CFP",        "MPO",      "LC",       "APC",
        "UPC",     "OM3",       "OM4",    "OM5",         "EMB",        "SMF",      "OS2",      "CWDM",
        "LAN-WDM", "DWDM",      "FLR",    "CER",         "PUE",        "FIT",      "AFR",      "MTBF",
        "MTTR",    "NPV",       "TCO",    "OLTS",        "OTDR",       "OCWR",     "VFL",      "BERT",
        "CAUI-4",  "400GAUI-8", "VSR4",   "DR4",         "FR4",        "LR4",      "SR8",      "BiDi",
        "PSM4",    "CWDM4",     "type B", "Type-B",      "typeb",      "breakout", "polarity", "TP2",
        "TP3",     "OSNR",      "Ceq",    "RS(544,514)", "rs 544 514", "PMD",      "AppSel",   "CD"})
    EXPECT_FALSE(topic(word).text.empty()) << word;
}

struct Figure {
  const char* topic;
  const char* text;  ///< as it stands there, the number first
  double value;
};

double power_budget_db(std::string_view id) {
  InteropQuestion q;
  q.a = q.b = link_end(id, "A");
  Ledger ledger;
  const Interop answer = interop(q);
  const Direction& d = answer.budget->directions[0];
  return *d.available_db;
}

TEST(Explain, FiguresAreWhatTheProgramReckons) {
  const catalog::Pmd& dr4 = *catalog::find_pmd("400GBASE-DR4");
  const double er = math::from_db(3.5), margin_guide[] = {-4.3 - 6.0 + 10.6, -1.4 - 6.0 + 6.6};
  const double energy_lr4 = 420 * 43.8, energy_lr1 = 350 * 43.8, price = 0.12;
  const Figure figures[] = {
      {"KP4", "5.84 %", (544.0 / 514 - 1) * 100},
      {"KR4", "2.72 %", (528.0 / 514 - 1) * 100},
      {"PAM4", "9.54 dB", 2 * math::to_db(3)},
      {"PAM4", "4.77 dB", math::to_db(3)},
      {"symbol rate", "38.79 ps", 1000 / 25.78125},
      {"symbol rate", "37.65 ps", 1000 / 26.5625},
      {"symbol rate", "18.82 ps", 1000 / 53.125},
      {"symbol rate", "19.34 GHz", 0.75 * 25.78125},
      {"line rate", "106.25 Gb/s", 103.125 * 257 / 264 * 544 / 514},
      {"power budget", "6.5 dB", power_budget_db("400GBASE-DR4")},
      {"power budget", "3.0 dB of channel", dr4.channel.insertion_loss_max_db->value},
      {"power budget", "3.5 dB of penalties", dr4.budget.penalties_db->value},
      {"OMA", "1.16 dBm", math::to_db((er + 1) / (2 * (er - 1)))},
      {"average power", "6.02 dB", math::to_db(4)},
      {"receiver sensitivity", "-5.9 dBm", dr4.rx.avg_power_min_dbm->value},
      {"TDECQ", "3.4 dB", dr4.tx.tdecq_max_db->value},
      {"BERT", "116 s", trials_to_prove(1e-12, 0.95) / 25.78125e9},
      {"post-FEC BER", "2.125 at 400", (1 + 8 * 2) / 8.0},
      {"pre-FEC BER", "17.66 dB", 2 * math::to_db(math::normal_tail_inverse(2.4e-4 / 0.75)) + math::to_db(5)},
      {"as published", "+0.3 dB", margin_guide[0]},
      {"as published", "-0.8 dB", margin_guide[1]},
      {"as published", "+2.3 and", margin_guide[0] + 2},
      {"as published", "+1.2 dB", margin_guide[1] + 2},
      {"LR4 or LR1", "8.5 dB", catalog::find_pmd("100GBASE-LR4")->budget.power_budget_db->value},
      {"TCO", "26.4 %", 33.0 / 125 * 100},
      {"TCO", "67,207.52", 65000 + energy_lr4 * price},
      {"TCO", "46,839.60", 45000 + energy_lr1 * price},
      {"TCO", "30.3 %", (1 - (45000 + energy_lr1 * price) / (65000 + energy_lr4 * price)) * 100},
      {"TCO", "18,396 kWh", energy_lr4},
      {"TCO", "15,330 kWh", energy_lr1},
      {"TCO", "2,207.52", energy_lr4 * price},
      {"TCO", "91,839.60", 90000 + energy_lr1 * price},
      {"TCO", "1,228 a port", (125000 - energy_lr4 * price) / 100},
      {"TCO", "30.8 %", 200.0 / 650 * 100},
      {"TCO", "16.7 %", 0.7 / 4.2 * 100},
      {"TCO", "3,066 kWh", 350 * 8.76},
      {"TCO", "367.92", 350 * 8.76 * price},
      {"growth", "746.5", 300 * math::pow(1.2, 5)},
      {"growth", "1,226.4 kWh", 0.7 * 200 * 8.76},
      {"growth", "2,667", 1200 / 0.45},
      {"growth", "96 %", (1.4 * 1.4 - 1) * 100},
      {"FIT", "0.08 %", (1 - math::exp(-91 * 8.76e-6)) * 100},
      {"FIT", "0.12 %", (1 - math::exp(-137 * 8.76e-6)) * 100},
      {"FIT", "26.3 minutes", 5 * 8760 * 60 / 1e5},
      {"availability", "52.6 minutes", 1e-4 * 525600},
      {"availability", "26.3, 99.999", 5e-5 * 525600},
      {"availability", "5.3. Parts", 1e-5 * 525600},
      {"module power", "35. 32 ports", 3500.0 / 100},
      {"module power", "320 W", 32 * 10},
      {"module power", "384 W", 32 * 12},
      {"module power", "448 W", 128 * 3.5},
      {"form factors", "14.4 Tb/s", 36 * 0.4},
      {"form factors", "12.8 Tb/s", 32 * 0.4},
      {"G.652.D", "0.40 at 1264.5", 0.35 * math::pow(1310 / 1264.5, 4)},
      {"channel insertion loss", "2.75 dB", 3.0 - 0.5 * 0.5},
  };
  for (const Figure& f : figures) {
    const std::string words = words_of(topic(f.topic)), text = f.text;
    ASSERT_NE(words.find(text), std::string::npos) << f.topic << ": " << text;
    std::string number;
    for (const char c : text) {
      if (c == ',' && number.size() > 0 && text.find(',') < text.find(' ')) continue;
      if (std::isdigit(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-' && c != '+') break;
      number += c;
    }
    if (number.back() == '.') number.pop_back();
    const std::size_t point = number.find('.');
    const double unit =
        point == std::string::npos ? 1 : std::pow(10.0, -static_cast<double>(number.size() - point - 1));
    EXPECT_NEAR(std::stod(number), f.value, unit * 0.5 + 1e-9) << f.topic << ": " << text;
  }
}

TEST(Explain, NamesFallThroughToTheCatalogue) {
  const ExplainAnswer pmd = explain("400gbase dr4-2");
  EXPECT_FALSE(pmd.topic == nullptr && pmd.name.matches.empty());
  const ExplainAnswer fibre = explain("qsfp28-100g-lr4");
  EXPECT_EQ(fibre.topic, nullptr);
  ASSERT_EQ(fibre.name.matches.size(), 1U);
  EXPECT_EQ(fibre.name.matches[0].kind, "module");
  const ExplainAnswer both = explain("VSR4");
  EXPECT_NE(both.topic, nullptr);
  EXPECT_EQ(both.name.status, catalog::NameStatus::ambiguous);
  EXPECT_EQ(explain("QSFP28-DR4").name.status, catalog::NameStatus::nonexistent);
}

TEST(Explain, UnknownNamesAreRefusedWithProposals) {
  const auto hint = [](std::string_view name) {
    try {
      (void)explain(name);
    } catch (const ConfigError& error) {
      return error.detail().hint;
    }
    return std::string("found");
  };
  EXPECT_NE(hint("TDEQC").find("TDECQ"), std::string::npos);
  EXPECT_NE(hint("polarty").find("polarity"), std::string::npos);
  EXPECT_NE(hint("multiplexer").find("speak of it"), std::string::npos);
  EXPECT_NE(hint("qqqqqq").find("lists the topics"), std::string::npos);
  for (const std::string& odd :
       {std::string(), std::string(" -_."), std::string(100000, 'x'), std::string("\xff\xfe")})
    EXPECT_NE(hint(odd), "found");
}

TEST(Explain, BadFilesAreRefused) {
  const std::string good =
      "group = \"g\"\n[[topic]]\nid = \"a\"\ntitle = \"t\"\ntext = \"x\"\nsource = [\"MEM\"]\nconfidence = "
      "\"sure\"\n";
  EXPECT_EQ(read_topics(good, "t.toml").size(), 1U);
  const auto refused = [](const std::string& text, const std::string& word) {
    try {
      (void)read_topics(text, "t.toml");
    } catch (const InputError& error) {
      return (error.detail().place + error.detail().problem).find(word) != std::string::npos;
    }
    return false;
  };
  for (const char* key : {"id", "title", "text", "source", "confidence"}) {
    std::string without;
    for (std::size_t at = 0; at < good.size();) {
      const std::size_t end = good.find('\n', at) + 1;
      if (good.compare(at, std::string(key).size() + 1, std::string(key) + " ") != 0)
        without += good.substr(at, end - at);
      at = end;
    }
    EXPECT_TRUE(refused(without, key)) << key;
  }
  EXPECT_TRUE(refused(good + "colour = 1\n", "colour"));
  EXPECT_TRUE(
      refused(good + "[[topic.claim]]\nsaid = \"s\"\nright = \"r\"\nsource = [\"MEM\"]\n", "confidence"));
  EXPECT_TRUE(refused(
      good + "[[topic.claim]]\nsaid = \"s\"\nright = \"\"\nsource = [\"MEM\"]\nconfidence = \"sure\"\n",
      "right"));
  EXPECT_TRUE(refused("group = 3", "group"));
  EXPECT_TRUE(refused("[[", "t.toml"));
}

}  // namespace
}  // namespace lightlane::plan
