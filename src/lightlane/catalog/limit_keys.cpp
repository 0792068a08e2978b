#include "lightlane/catalog/schema.hpp"

namespace lightlane::catalog {
namespace {

template <auto Table, auto Member>
struct In {
  static const Limit& get(const Pmd& pmd) { return pmd.*Table.*Member; }
  static Limit& slot(Pmd& pmd) { return pmd.*Table.*Member; }
};
template <class Owner, Limit Owner::*Member>
struct Of {
  static const Limit& get(const Owner& owner) { return owner.*Member; }
  static Limit& slot(Owner& owner) { return owner.*Member; }
};

// The macros write a member's name once: as pointer and as text.
#define TX(key, unit, meaning, lo, hi)                                     \
  {                                                                        \
    "tx", #key, unit, meaning, lo, hi, &In<&Pmd::tx, &TxLimits::key>::get, \
        &In<&Pmd::tx, &TxLimits::key>::slot                                \
  }
#define RX(key, unit, meaning, lo, hi)                                     \
  {                                                                        \
    "rx", #key, unit, meaning, lo, hi, &In<&Pmd::rx, &RxLimits::key>::get, \
        &In<&Pmd::rx, &RxLimits::key>::slot                                \
  }
#define CHANNEL(key, unit, meaning, lo, hi)                                               \
  {                                                                                       \
    "channel", #key, unit, meaning, lo, hi, &In<&Pmd::channel, &ChannelLimits::key>::get, \
        &In<&Pmd::channel, &ChannelLimits::key>::slot                                     \
  }
#define BUDGET(key, unit, meaning, lo, hi)                                       \
  {                                                                              \
    "budget", #key, unit, meaning, lo, hi, &In<&Pmd::budget, &Budget::key>::get, \
        &In<&Pmd::budget, &Budget::key>::slot                                    \
  }
#define MEASURE(key, unit, meaning, lo, hi)                                                          \
  {                                                                                                  \
    "measurement", #key, unit, meaning, lo, hi, &In<&Pmd::measurement, &MeasurementRules::key>::get, \
        &In<&Pmd::measurement, &MeasurementRules::key>::slot                                         \
  }
#define MASK(key, unit, meaning, lo, hi)                                              \
  {                                                                                   \
    "eye_mask", #key, unit, meaning, lo, hi, &In<&Pmd::eye_mask, &EyeMask::key>::get, \
        &In<&Pmd::eye_mask, &EyeMask::key>::slot                                      \
  }

constexpr LimitKey<Pmd> pmd_table[] = {
    TX(total_avg_power_max_dbm, "dBm", "average power of all lanes together, at most", -20, 30),
    TX(avg_power_max_dbm, "dBm", "average launch power, at most", -20, 20),
    TX(avg_power_min_dbm, "dBm", "average launch power, at least (informative)", -30, 20),
    TX(oma_outer_max_dbm, "dBm", "outer OMA, at most", -20, 20),
    TX(oma_outer_min_dbm, "dBm", "outer OMA, at least, whatever the penalty", -20, 20),
    TX(oma_minus_tdecq_min_dbm, "dBm", "outer OMA less the penalty metric, at least", -20, 20),
    TX(oma_minus_tdecq_min_low_er_dbm, "dBm", "the same below the extinction ratio er_threshold_db", -20, 20),
    TX(er_threshold_db, "dB", "extinction ratio that parts the two floors", 0, 30),
    TX(tdecq_max_db, "dB", "penalty metric (TDECQ, TDEC, TDP), at most", 0, 10),
    TX(tdecq_floor_db, "dB", "penalty below which oma_outer_min rules", 0, 10),
    TX(tdecq_minus_ceq_max_db, "dB", "TDECQ - 10 log10 Ceq, at most", 0, 10),
    TX(tdecq_minus_tecq_max_db, "dB", "|TDECQ - TECQ|, at most", 0, 10),
    TX(overshoot_max_pct, "%", "over- and undershoot, at most", 0, 100),
    TX(er_min_db, "dB", "extinction ratio, at least", 0, 30),
    TX(rin_oma_max_db_per_hz, "dB/Hz", "RIN_OMA, at most", -180, -100),
    TX(rin_at_orl_db, "dB", "optical return loss at which RIN_OMA holds", 0, 60),
    TX(smsr_min_db, "dB", "side-mode suppression ratio, at least", 0, 80),
    TX(orl_tolerance_db, "dB", "optical return loss that must be stood", 0, 60),
    TX(reflectance_max_db, "dB", "transmitter reflectance, at most", -80, 0),
    TX(off_power_max_dbm, "dBm", "average power of a transmitter that is off, at most", -80, 0),
    TX(transition_time_max_ps, "ps", "transition time 20 to 80 %, at most", 0, 1000),
    TX(rms_spectral_width_max_nm, "nm", "rms spectral width, at most", 0, 10),
    TX(lane_oma_difference_max_db, "dB", "difference of the lanes' OMA, at most", 0, 20),

    RX(damage_threshold_dbm, "dBm", "average power that must not destroy", -20, 20),
    RX(avg_power_max_dbm, "dBm", "average receive power, at most", -20, 20),
    RX(avg_power_min_dbm, "dBm", "average receive power, at least (informative)", -40, 10),
    RX(oma_max_dbm, "dBm", "outer OMA, at most", -20, 20),
    RX(sensitivity_oma_floor_dbm, "dBm", "sensitivity in OMA: max(this, SECQ + offset)", -40, 10),
    RX(sensitivity_oma_secq_offset_dbm, "dBm", "sensitivity in OMA less SECQ", -40, 10),
    RX(sensitivity_oma_fixed_dbm, "dBm", "sensitivity in OMA", -40, 10),
    RX(sensitivity_ber, "", "bit error ratio of the sensitivity", 1e-15, 0.1),
    RX(stressed_sensitivity_oma_dbm, "dBm", "stressed receiver sensitivity in OMA", -40, 10),
    RX(secq_db, "dB", "stressed eye closure (NRZ: vertical eye closure penalty) of that test", 0, 10),
    RX(stressed_vecp_before_noise_min_db, "dB", "share of the penalty without noise, at least", 0, 10),
    RX(stressed_j2_ui, "UI", "J2 jitter of that test", 0, 1),
    RX(stressed_j9_ui, "UI", "J9 jitter of that test", 0, 1),
    RX(stressed_aggressor_oma_dbm, "dBm", "OMA of the other lanes in that test", -40, 10),
    RX(stressed_er_db, "dB", "extinction ratio in that test", 0, 30),
    RX(reflectance_max_db, "dB", "receiver reflectance, at most", -80, 0),
    RX(lane_oma_difference_max_db, "dB", "difference of the lanes' OMA, at most", 0, 20),

    CHANNEL(insertion_loss_max_db, "dB", "channel insertion loss, at most", 0, 60),
    CHANNEL(insertion_loss_om3_max_db, "dB", "on OM3", 0, 10),
    CHANNEL(insertion_loss_om4_max_db, "dB", "on OM4", 0, 10),
    CHANNEL(insertion_loss_om5_max_db, "dB", "on OM5", 0, 10),
    CHANNEL(connection_loss_db, "dB", "of that for connectors and splices", 0, 10),
    CHANNEL(fibre_attenuation_db_per_km, "dB/km", "of that for the fibre", 0, 5),
    CHANNEL(dispersion_min_ps_nm, "ps/nm", "chromatic dispersion, at least", -1e5, 1e5),
    CHANNEL(dispersion_max_ps_nm, "ps/nm", "chromatic dispersion, at most", -1e5, 1e5),
    CHANNEL(dgd_max_ps, "ps", "differential group delay, at most", 0, 200),
    CHANNEL(orl_min_db, "dB", "optical return loss of the cabling, at least", 0, 80),
    CHANNEL(discrete_reflectance_max_db, "dB", "each discrete reflectance, at most", -80, 0),
    CHANNEL(discrete_reflectance_1_max_db, "dB", "where 1 is above -55 dB", -80, 0),
    CHANNEL(discrete_reflectance_2_max_db, "dB", "each, where 2 are above -55 dB", -80, 0),
    CHANNEL(discrete_reflectance_4_max_db, "dB", "each, where 4 are above -55 dB", -80, 0),
    CHANNEL(discrete_reflectance_6_max_db, "dB", "each, where 6 are above -55 dB", -80, 0),
    CHANNEL(discrete_reflectance_8_max_db, "dB", "each, where 8 are above -55 dB", -80, 0),
    CHANNEL(discrete_reflectance_10_max_db, "dB", "each, where 10 are above -55 dB", -80, 0),

    BUDGET(power_budget_db, "dB", "power budget at the largest penalty metric", 0, 60),
    BUDGET(penalties_db, "dB", "allocation for penalties", 0, 20),
    BUDGET(additional_loss_db, "dB", "additional insertion loss allowed", 0, 20),

    MEASURE(reference_taps, "", "taps of the reference equaliser, 1 = none", 1, 31),
    MEASURE(reference_bandwidth_ratio, "", "reference receiver's bandwidth over the symbol rate", 0.1, 2),
    MEASURE(threshold_range, "", "thresholds may move by this share of OMAouter", 0, 0.1),
    MEASURE(target_ser, "", "symbol error ratio of the penalty metric", 1e-15, 0.1),
    MEASURE(target_ber, "", "bit error ratio of the penalty metric", 1e-15, 0.1),

    MASK(x1_ui, "UI", "eye mask X1", 0, 1),
    MASK(x2_ui, "UI", "eye mask X2", 0, 1),
    MASK(x3_ui, "UI", "eye mask X3", 0, 1),
    MASK(y1, "", "eye mask Y1", 0, 1),
    MASK(y2, "", "eye mask Y2", 0, 1),
    MASK(y3, "", "eye mask Y3", 0, 1),
    MASK(hit_ratio, "", "share of samples that may touch the mask", 0, 0.1),

    {"fec", "pre_fec_ber", "", "bit error ratio that the PMD must reach ahead of the FEC", 1e-15, 0.1,
     &In<&Pmd::fec, &Fec::pre_fec_ber>::get, &In<&Pmd::fec, &Fec::pre_fec_ber>::slot},
    {"power", "typical_w", "W", "power of a module, typical", 0, 100,
     &In<&Pmd::power, &ModulePower::typical_w>::get, &In<&Pmd::power, &ModulePower::typical_w>::slot},
    {"power", "max_w", "W", "power of a module, at most", 0, 100, &In<&Pmd::power, &ModulePower::max_w>::get,
     &In<&Pmd::power, &ModulePower::max_w>::slot},
};

#define FIBRE(key, unit, meaning, lo, hi) \
  { "", #key, unit, meaning, lo, hi, &Of<Fibre, &Fibre::key>::get, &Of<Fibre, &Fibre::key>::slot }
#define ATTENUATION(key, meaning)                                                \
  {                                                                              \
    "", #key, "dB/km", meaning, 0, 20, &Of<Attenuation, &Attenuation::key>::get, \
        &Of<Attenuation, &Attenuation::key>::slot                                \
  }
#define CONNECTOR(key, meaning, lo, hi)                                    \
  {                                                                        \
    "", #key, "dB", meaning, lo, hi, &Of<Connector, &Connector::key>::get, \
        &Of<Connector, &Connector::key>::slot                              \
  }

constexpr LimitKey<Fibre> fibre_table[] = {
    FIBRE(zero_dispersion_min_nm, "nm", "zero-dispersion wavelength, at least", 1200, 1700),
    FIBRE(zero_dispersion_typical_nm, "nm", "zero-dispersion wavelength, typical", 1200, 1700),
    FIBRE(zero_dispersion_max_nm, "nm", "zero-dispersion wavelength, at most", 1200, 1700),
    FIBRE(dispersion_slope_min_ps_nm2_km, "ps/(nm2 km)", "zero-dispersion slope S0, at least", 0, 0.5),
    FIBRE(dispersion_slope_typical_ps_nm2_km, "ps/(nm2 km)", "zero-dispersion slope S0, typical", 0, 0.5),
    FIBRE(dispersion_slope_max_ps_nm2_km, "ps/(nm2 km)", "zero-dispersion slope S0, at most", 0, 0.5),
    FIBRE(pmd_typical_ps_sqrt_km, "ps/sqrt(km)", "polarisation mode dispersion, typical", 0, 10),
    FIBRE(pmd_max_ps_sqrt_km, "ps/sqrt(km)", "polarisation mode dispersion, link design value, at most", 0,
          10),
    FIBRE(group_index, "", "group index at 1310 nm (multimode: 850 nm)", 1.4, 1.6),
    FIBRE(mode_field_diameter_um, "um", "mode field diameter at 1310 nm", 1, 20),
    FIBRE(cutoff_max_nm, "nm", "cable cut-off wavelength, at most", 1000, 1600),
    FIBRE(emb_850_mhz_km, "MHz km", "effective modal bandwidth at 850 nm, at least", 10, 1e5),
    FIBRE(emb_953_mhz_km, "MHz km", "effective modal bandwidth at 953 nm, at least", 10, 1e5),
    FIBRE(overfilled_850_mhz_km, "MHz km", "overfilled launch bandwidth at 850 nm, at least", 10, 1e5),
    FIBRE(overfilled_1300_mhz_km, "MHz km", "overfilled launch bandwidth at 1300 nm, at least", 10, 1e5),
    FIBRE(length_min_m, "m", "shortest link", 0, 1000),
};

constexpr LimitKey<Attenuation> attenuation_table[] = {
    ATTENUATION(typical_db_per_km, "typical"),
    ATTENUATION(max_db_per_km, "cabled, at most"),
    ATTENUATION(planning_db_per_km, "usual in planning"),
};

constexpr LimitKey<Connector> connector_table[] = {
    CONNECTOR(loss_typical_db, "insertion loss, typical", 0, 5),
    CONNECTOR(loss_average_max_db, "mean insertion loss of the grade, at most", 0, 5),
    CONNECTOR(loss_max_db, "insertion loss, at most", 0, 5),
    CONNECTOR(reflectance_typical_db, "reflectance, typical", -100, 0),
    CONNECTOR(reflectance_max_db, "reflectance, at most", -100, 0),
};

enum class Needs { nrz, pam4, single_mode, multimode, wdm };
struct Need {
  std::string_view table, prefix;  ///< of the keys
  Needs needs;
};
constexpr Need needs[] = {
    {"eye_mask", "", Needs::nrz},
    {"measurement", "target_ber", Needs::nrz},
    {"rx", "sensitivity_oma_fixed", Needs::nrz},
    {"rx", "stressed_vecp", Needs::nrz},
    {"rx", "stressed_j", Needs::nrz},
    {"rx", "stressed_aggressor", Needs::nrz},
    {"rx", "stressed_er", Needs::nrz},
    {"rx", "sensitivity_oma_floor", Needs::pam4},
    {"rx", "sensitivity_oma_secq", Needs::pam4},
    {"measurement", "target_ser", Needs::pam4},
    {"measurement", "threshold_range", Needs::pam4},
    {"tx", "tdecq_floor", Needs::pam4},
    {"tx", "tdecq_minus", Needs::pam4},
    {"tx", "overshoot", Needs::pam4},
    {"tx", "oma_minus_tdecq_min_low_er", Needs::pam4},
    {"tx", "er_threshold", Needs::pam4},
    {"tx", "transition_time", Needs::pam4},
    {"tx", "smsr", Needs::single_mode},
    {"channel", "dispersion", Needs::single_mode},
    {"channel", "dgd", Needs::single_mode},
    {"channel", "orl", Needs::single_mode},
    {"channel", "discrete", Needs::single_mode},
    {"channel", "fibre_attenuation", Needs::single_mode},
    {"channel", "insertion_loss_om", Needs::multimode},
    {"tx", "rms_spectral_width", Needs::multimode},
    {"tx", "total_avg_power", Needs::wdm},
    {"tx", "lane_oma_difference", Needs::wdm},
    {"rx", "lane_oma_difference", Needs::wdm},
};

bool wdm(const Pmd& pmd) noexcept {
  for (const Wavelength& w : pmd.wavelengths)
    if (w.nominal_nm != pmd.wavelengths.front().nominal_nm) return true;
  return false;
}

bool met(Needs need, const Pmd& pmd) noexcept {
  switch (need) {
    case Needs::nrz:
      return pmd.modulation == LineCode::nrz;
    case Needs::pam4:
      return pmd.modulation == LineCode::pam4;
    case Needs::single_mode:
      return pmd.fibre == FibreKind::single_mode;
    case Needs::multimode:
      return pmd.fibre == FibreKind::multimode;
    case Needs::wdm:
      return wdm(pmd);
  }
  return true;
}

}  // namespace

bool applies(const LimitKey<Pmd>& key, const Pmd& pmd) noexcept {
  if (pmd.coherent()) return false;  // limits of coherent types have other names
  for (const Need& need : needs)
    if (need.table == key.table && key.key.starts_with(need.prefix) && !met(need.needs, pmd)) return false;
  return true;
}

std::span<const LimitKey<Pmd>> pmd_keys() noexcept { return pmd_table; }
std::span<const LimitKey<Fibre>> fibre_keys() noexcept { return fibre_table; }
std::span<const LimitKey<Attenuation>> attenuation_keys() noexcept { return attenuation_table; }
std::span<const LimitKey<Connector>> connector_keys() noexcept { return connector_table; }

}  // namespace lightlane::catalog
