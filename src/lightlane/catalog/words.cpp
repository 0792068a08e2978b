#include "lightlane/catalog/schema.hpp"

namespace lightlane::catalog {
namespace {

constexpr std::string_view confidences[] = {"unverified", "likely", "sure"};
constexpr std::string_view line_codes[] = {"unknown", "nrz", "pam4", "dp_dqpsk", "dp_16qam"};
constexpr std::string_view fibre_kinds[] = {"single_mode", "multimode"};
constexpr std::string_view pmd_connectors[] = {"unknown", "lc_duplex", "lc_simplex",
                                               "mpo12",   "mpo16",     "mpo24"};
constexpr std::string_view polishes[] = {"unknown", "upc", "apc", "flat"};
constexpr std::string_view fec_kinds[] = {"unknown",       "none", "kp4_clause119", "kp4_clause91",
                                          "kp4_clause134", "kr4",  "other"};
constexpr std::string_view penalty_metrics[] = {"unknown", "tdecq", "tdec", "tdp"};
constexpr std::string_view ends[] = {"both", "a", "b"};
constexpr std::string_view device_kinds[] = {"transmitter", "receiver", "dsp"};
constexpr std::string_view joint_kinds[] = {"connector", "splice"};
constexpr std::string_view managements[] = {"unknown", "cmis", "sff8636", "sff8472", "mdio"};
constexpr std::string_view cable_kinds[] = {"cord", "trunk", "harness"};
constexpr std::string_view direct_attach_kinds[] = {"passive_copper", "active_copper", "active_optical"};
constexpr std::string_view genders[] = {"none", "female", "male"};
constexpr std::string_view name_kinds[] = {"ambiguous", "nonexistent", "unlisted", "remark"};

}  // namespace

std::span<const std::string_view> confidence_words() noexcept { return confidences; }
std::span<const std::string_view> line_code_words() noexcept { return line_codes; }
std::span<const std::string_view> fibre_kind_words() noexcept { return fibre_kinds; }
std::span<const std::string_view> pmd_connector_words() noexcept { return pmd_connectors; }
std::span<const std::string_view> polish_words() noexcept { return polishes; }
std::span<const std::string_view> fec_kind_words() noexcept { return fec_kinds; }
std::span<const std::string_view> penalty_metric_words() noexcept { return penalty_metrics; }
std::span<const std::string_view> end_words() noexcept { return ends; }
std::span<const std::string_view> device_kind_words() noexcept { return device_kinds; }
std::span<const std::string_view> joint_kind_words() noexcept { return joint_kinds; }
std::span<const std::string_view> management_words() noexcept { return managements; }
std::span<const std::string_view> cable_kind_words() noexcept { return cable_kinds; }
std::span<const std::string_view> direct_attach_kind_words() noexcept { return direct_attach_kinds; }
std::span<const std::string_view> gender_words() noexcept { return genders; }
std::span<const std::string_view> name_kind_words() noexcept { return name_kinds; }

std::string_view name(Confidence confidence) noexcept { return confidences[static_cast<int>(confidence)]; }
std::string_view name(LineCode code) noexcept { return line_codes[static_cast<int>(code)]; }
std::string_view name(FibreKind kind) noexcept { return fibre_kinds[static_cast<int>(kind)]; }
std::string_view name(PmdConnector connector) noexcept { return pmd_connectors[static_cast<int>(connector)]; }
std::string_view name(Polish polish) noexcept { return polishes[static_cast<int>(polish)]; }
std::string_view name(FecKind kind) noexcept { return fec_kinds[static_cast<int>(kind)]; }
std::string_view name(PenaltyMetric metric) noexcept { return penalty_metrics[static_cast<int>(metric)]; }
std::string_view name(End end) noexcept { return ends[static_cast<int>(end)]; }
std::string_view name(DeviceKind kind) noexcept { return device_kinds[static_cast<int>(kind)]; }
std::string_view name(JointKind kind) noexcept { return joint_kinds[static_cast<int>(kind)]; }
std::string_view name(Management management) noexcept { return managements[static_cast<int>(management)]; }
std::string_view name(CableKind kind) noexcept { return cable_kinds[static_cast<int>(kind)]; }
std::string_view name(DirectAttachKind kind) noexcept { return direct_attach_kinds[static_cast<int>(kind)]; }
std::string_view name(Gender gender) noexcept { return genders[static_cast<int>(gender)]; }
std::string_view name(NameKind kind) noexcept { return name_kinds[static_cast<int>(kind)]; }

}  // namespace lightlane::catalog
