/// The sample text of each script.
enum ScriptSample: String, CaseIterable {
  case arabic, chinese, cyrillic, emoji, greek, hebrew, hindi, japanese, korean, marks, mixed, thai

  var prompt: String {
    switch self {
    case .arabic: "مدينة من زجاج (2026) في الليل، والمطرُ على كلِّ نافذة"
    case .chinese: "宁静的湖泊，夕阳西下，远处的群山倒映在水中。"
    case .cyrillic: "Съешь же ещё этих мягких французских булок, да выпей чаю"
    case .emoji: "👩‍👩‍👧‍👦 🏳️‍🌈 🇯🇵 🇧🇷 👍🏽 👩🏿‍🚀 ❤️ 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 😀"
    case .greek: "Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία"
    case .hebrew: "אֲגַם שָׁלֵו (lake) בִּשְׁקִיעָה, 12 ברבורים"
    case .hindi: "सूर्यास्त के समय एक शांत झील, र्क्ष्म्य हिन्दी"
    case .japanese: "夕暮れの静かな湖。「カフェ」で本を読む猫、東京２０２６年"
    case .korean: "해질녘의 고요한 호수, 창가에서 책을 읽는 고양이"
    case .marks: "Å é ñ Ệ ậ q\u{0307}\u{0323} Z\u{030C}\u{0301}\u{0302} Tiếng Việt"
    case .mixed: "A lake at dusk · 静かな湖 · 고요한 호수 · بحيرة هادئة · אגם שקט · शांत झील · ทะเลสาบที่เงียบสงบ · Тихое озеро · Ήρεμη λίμνη 🌅🦢"
    case .thai: "ทะเลสาบที่เงียบสงบยามพระอาทิตย์ตก ผู้ใหญ่ ปั้น ญี่ปุ่น"
    }
  }
}
