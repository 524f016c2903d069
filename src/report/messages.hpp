// Every sentence that Trama says to a person, in English and in Brazilian Portuguese.
//
// One table, so that neither language is ever behind; codes (RACE), operation names in
// files and options are not translated. Placeholders are {fmt}'s, by position, and the
// same in both languages (messages_test.cpp checks it).
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/messages_table.hpp"

namespace trama {

enum class Language : std::uint8_t { en, pt };

enum class Message : std::uint16_t {
#define TRAMA_X(key, en, pt) key,
  TRAMA_MESSAGES(TRAMA_X)
#undef TRAMA_X
};

struct MessageTexts {
  std::string_view key;
  std::string_view en;
  std::string_view pt;
};

inline constexpr MessageTexts kMessages[] = {
#define TRAMA_X(key, en, pt) {#key, en, pt},
    TRAMA_MESSAGES(TRAMA_X)
#undef TRAMA_X
};

constexpr std::string_view text_of(Message message, Language language) {
  const MessageTexts& texts = kMessages[static_cast<std::size_t>(message)];
  return language == Language::pt ? texts.pt : texts.en;
}

/// The sentence with its places filled.
template <typename... Args>
std::string say(Language language, Message message, const Args&... args) {
  return fmt::format(fmt::runtime(text_of(message, language)), args...);
}

}  // namespace trama
