import { fragment, h } from './dom.ts'

/** Short names that apps use, by theme; each name is followed by its character. */
const table = `
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 stop_sign 🛑 construction 🚧 rotating_light 🚨 exclamation ❗
heavy_exclamation_mark ❗ question ❓ grey_question ❔ grey_exclamation ❕ bangbang ‼️ interrobang ⁉️ information_source ℹ️
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 blue_circle 🔵
large_purple_circle 🟣 large_brown_circle 🟤 white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_orange_square 🟧
large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 large_purple_square 🟪 white_large_square ⬜
black_large_square ⬛ small_red_triangle 🔺 small_red_triangle_down 🔻 large_blue_diamond 🔷 small_blue_diamond 🔹
large_orange_diamond 🔶 small_orange_diamond 🔸 radio_button 🔘 black_small_square ▪️ white_small_square ▫️
lock 🔒 unlock 🔓 closed_lock_with_key 🔐 lock_with_ink_pen 🔏 key 🔑 old_key 🗝️ shield 🛡️ eye 👁️ eyes 👀 mag 🔍 mag_right 🔎
hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ timer_clock ⏲️ alarm_clock ⏰ clock1 🕐 clock3 🕒 clock6 🕕 clock9 🕘 clock12 🕛
watch ⌚ calendar 📆 date 📅 spiral_calendar_pad 🗓️ bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬 left_speech_bubble 🗨️
thought_balloon 💭 email ✉️ envelope ✉️ envelope_with_arrow 📩 incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦
memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄 page_with_curl 📃 clipboard 📋 bookmark_tabs 📑 scroll 📜 newspaper 📰 book 📖 books 📚
notebook 📓 ledger 📒 receipt 🧾 label 🏷️ bookmark 🔖 link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 triangular_flag_on_post 🚩
checkered_flag 🏁 white_flag 🏳️ bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 moneybag 💰
money_with_wings 💸 dollar 💵 euro 💶 pound 💷 yen 💴 credit_card 💳 coin 🪙 bank 🏦 gem 💎 scales ⚖️ briefcase 💼
shopping_trolley 🛒 convenience_store 🏪 office 🏢 house 🏠 factory 🏭 truck 🚚 rocket 🚀 airplane ✈️ ship 🚢 fire 🔥 zap ⚡ boom 💥
sparkles ✨ star ⭐ star2 🌟 tada 🎉 confetti_ball 🎊 trophy 🏆 medal 🏅 gift 🎁 balloon 🎈 crown 👑 dart 🎯 bulb 💡 battery 🔋
computer 💻 desktop_computer 🖥️ keyboard ⌨️ floppy_disk 💾 cd 💿 file_cabinet 🗄️ card_file_box 🗃️ card_index_dividers 🗂️ file_folder 📁
open_file_folder 📂 wastebasket 🗑️ iphone 📱 telephone_receiver 📞 satellite 📡 globe_with_meridians 🌐 earth_americas 🌎 earth_africa 🌍
cloud ☁️ sunny ☀️ partly_sunny ⛅ umbrella ☔ snowflake ❄️ ice_cube 🧊 thermometer 🌡️ ocean 🌊 rainbow 🌈 crescent_moon 🌙
gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ nut_and_bolt 🔩 toolbox 🧰 magnet 🧲 test_tube 🧪 microscope 🔬 electric_plug 🔌
robot_face 🤖 alien 👽 ghost 👻 skull 💀 bug 🐛 beetle 🐞 turtle 🐢 snail 🐌 whale 🐳 octopus 🐙 bird 🐦 dog 🐶 cat 🐱 unicorn_face 🦄
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 wave 👋 raised_hand ✋ raised_hands 🙌 clap 👏 pray 🙏 muscle 💪 handshake 🤝
point_right 👉 point_left 👈 point_up ☝️ point_up_2 👆 point_down 👇 v ✌️ crossed_fingers 🤞 fist ✊ writing_hand ✍️ brain 🧠
smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 rolling_on_the_floor_laughing 🤣 slightly_smiling_face 🙂 wink 😉 blush 😊 heart_eyes 😍
sunglasses 😎 thinking_face 🤔 neutral_face 😐 expressionless 😑 face_with_raised_eyebrow 🤨 confused 😕 worried 😟 cry 😢 sob 😭
scream 😱 angry 😠 rage 😡 sleeping 😴 zzz 💤 face_palm 🤦 shrug 🤷 saluting_face 🫡 face_with_monocle 🧐 nerd_face 🤓 partying_face 🥳
sweat_smile 😅 melting_face 🫠 shushing_face 🤫 zipper_mouth_face 🤐 exploding_head 🤯 heart ❤️ green_heart 💚 blue_heart 💙 broken_heart 💔
bust_in_silhouette 👤 busts_in_silhouette 👥 detective 🕵️ cop 👮 construction_worker 👷 technologist 🧑‍💻 office_worker 🧑‍💼 speaking_head_in_silhouette 🗣️
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️ leftwards_arrow_with_hook ↩️
arrow_right_hook ↪️ arrow_forward ▶️ arrow_backward ◀️ fast_forward ⏩ rewind ⏪ double_vertical_bar ⏸️ black_square_for_stop ⏹️
arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 twisted_rightwards_arrows 🔀 heavy_plus_sign ➕ heavy_minus_sign ➖ infinity ♾️
recycle ♻️ new 🆕 free 🆓 up 🆙 ok 🆗 sos 🆘 id 🆔 100 💯 hash #️⃣ zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣
eight 8️⃣ nine 9️⃣ keycap_ten 🔟 coffee ☕ pizza 🍕 beer 🍺 cake 🍰 apple 🍎 seedling 🌱 evergreen_tree 🌲 four_leaf_clover 🍀 cherry_blossom 🌸
`

const byName = new Map<string, string>()
const parts = table.trim().split(/\s+/)
for (let index = 0; index + 1 < parts.length; index += 2)
  byName.set(parts[index] ?? '', parts[index + 1] ?? '')

const skinTones = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}']

/** The character of a short name (`wave`, `wave::skin-tone-3`), or undefined where there is none. */
export function emojiNamed(name: string): string | undefined {
  const [base = '', tone] = name.split('::')
  const character = byName.get(base)
  const shade = tone === undefined ? '' : (skinTones[Number(tone.replace('skin-tone-', '')) - 2] ?? '')
  return character && character.replace('\uFE0F', shade === '' ? '\uFE0F' : '') + shade
}

export function emoji(character: string, name?: string): HTMLElement {
  return h('span', { class: 'emoji', title: name && `:${name}:` }, character)
}

const inText = /:([a-z0-9_+'\-]+(?:::skin-tone-[2-6])?):|\p{RGI_Emoji}/gv

/**
 * Text with its emoji drawn, and nothing else interpreted.
 * @param shortcodes whether `:name:` counts too: yes in mrkdwn, in plain_text only with `emoji: true`
 */
export function withEmoji(text: string, shortcodes: boolean): DocumentFragment {
  const result = fragment()
  let from = 0
  for (const match of text.matchAll(inText)) {
    const name = match[1]
    const character = name === undefined ? match[0] : shortcodes ? emojiNamed(name) : undefined
    if (character === undefined) continue
    result.append(text.slice(from, match.index), emoji(character, name))
    from = match.index + match[0].length
  }
  result.append(text.slice(from))
  return result
}
