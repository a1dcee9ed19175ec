"""Tables of the names of months and weekdays in European languages. They are used by `names`.

The names are from the Unicode CLDR (format and standalone, wide and abbreviated). Missing genitives, locatives and
abbreviations were added. Case, accents and the point of an abbreviation do not matter.
"""

from __future__ import annotations

from typing import Final

MONTHS: Final = {
    "en": "january jan | february feb | march mar | april apr | may | june jun | july jul | august aug | september "
    "sep sept | october oct | november nov | december dec",
    "de": "januar jan jänner jaenner | februar feb feber | märz mär maerz mrz | april apr | mai | juni jun | juli "
    "jul | august aug | september sept sep | oktober okt | november nov | dezember dez",
    "fr": "janvier janv jan | février févr fev | mars mar | avril avr | mai | juin jui | juillet juil | août aou | "
    "septembre sept sep | octobre oct | novembre nov | décembre déc",
    "es": "enero ene | febrero feb | marzo mar | abril abr | mayo may | junio jun | julio jul | agosto ago | "
    "septiembre sept sep set setiembre | octubre oct | noviembre nov | diciembre dic",
    "it": "gennaio gen | febbraio feb | marzo mar | aprile apr | maggio mag | giugno giu | luglio lug | agosto ago "
    "| settembre set | ottobre ott | novembre nov | dicembre dic",
    "pt": "janeiro jan | fevereiro fev | março mar | abril abr | maio mai | junho jun | julho jul | agosto ago | "
    "setembro set sep | outubro out | novembro nov | dezembro dez",
    "nl": "januari jan | februari feb | maart mrt maa | april apr | mei | juni jun | juli jul | augustus aug | "
    "september sep sept | oktober okt | november nov | december dec",
    "da": "januar jan | februar feb | marts mar | april apr | maj | juni jun | juli jul | august aug | september "
    "sep sept | oktober okt | november nov | december dec",
    "nb": "januar jan | februar feb | mars mar | april apr | mai | juni jun | juli jul | august aug | september sep "
    "sept | oktober okt | november nov | desember des",
    "nn": "januar jan | februar feb | mars mar | april apr | mai | juni jun | juli jul | august aug | september sep "
    "| oktober okt | november nov | desember des",
    "sv": "januari jan | februari feb | mars mar | april apr | maj | juni jun | juli jul | augusti aug | september "
    "sep sept | oktober okt | november nov | december dec",
    "is": "janúar jan | febrúar feb | mars mar | apríl apr | maí | júní jún | júlí júl | ágúst ágú | september sep "
    "| október okt | nóvember nóv | desember des",
    "fo": "januar jan | februar feb | mars mar | apríl apr | mai | juni jun | juli jul | august aug | september sep "
    "| oktober okt | november nov | desember des",
    "fi": "tammikuuta tammi tammikuu | helmikuuta helmi helmikuu | maaliskuuta maalis maaliskuu | huhtikuuta huhti "
    "huhtikuu | toukokuuta touko toukokuu | kesäkuuta kesä kesäkuu | heinäkuuta heinä heinäkuu | elokuuta elo "
    "elokuu | syyskuuta syys syyskuu | lokakuuta loka lokakuu | marraskuuta marras marraskuu | joulukuuta "
    "joulu joulukuu",
    "et": "jaanuar jaan jaanuari | veebruar veebr veebruari | märts märtsi mär | aprill apr aprilli | mai | juuni "
    "jun | juuli jul | august aug augusti | september sept septembri sep | oktoober okt oktoobri | november "
    "nov novembri | detsember dets detsembri",
    "lv": "janvāris janv janvāra janvārī jan | februāris febr februāra februārī | marts marta | aprīlis apr aprīļa "
    "aprīlī | maijs maija mai | jūnijs jūn jūnija | jūlijs jūl jūlija | augusts aug augusta | septembris sept "
    "septembra septembrī sep | oktobris okt oktobra oktobrī | novembris nov novembra novembrī | decembris dec "
    "decembra decembrī",
    "lt": "sausio saus sausis | vasario vas vasaris | kovo kov kovas | balandžio bal balandis | gegužės geg gegužė "
    "| birželio birž birželis | liepos liep liepa | rugpjūčio rugp rugpjūtis | rugsėjo rugs rugsėjis | spalio "
    "spal spalis | lapkričio lapkr lapkritis | gruodžio gruod gruodis",
    "pl": "stycznia sty styczeń | lutego lut luty | marca mar marzec | kwietnia kwi kwiecień | maja maj | czerwca "
    "cze czerwiec | lipca lip lipiec | sierpnia sie sierpień | września wrz wrzesień | października paź "
    "październik | listopada lis listopad | grudnia gru grudzień",
    "cs": "ledna led leden | února úno únor | března bře březen | dubna dub duben | května kvě květen | června čvn "
    "červen | července čvc červenec | srpna srp srpen | září zář | října říj říjen | listopadu lis listopad | "
    "prosince pro prosinec",
    "sk": "januára jan január | februára feb február | marca mar marec | apríla apr apríl | mája máj | júna jún | "
    "júla júl | augusta aug august | septembra sep september | októbra okt október | novembra nov november | "
    "decembra dec december",
    "sl": "januar jan januarja | februar feb februarja | marec mar marca | april apr aprila | maj maja | junij jun "
    "junija | julij jul julija | avgust avg avgusta | september sep septembra sept | oktober okt oktobra | "
    "november nov novembra | december dec decembra",
    "hr": "siječnja sij siječanj | veljače velj veljača | ožujka ožu ožujak | travnja tra travanj | svibnja svi "
    "svibanj | lipnja lip lipanj | srpnja srp srpanj | kolovoza kol kolovoz | rujna ruj rujan | listopada lis "
    "listopad | studenoga stu studeni | prosinca pro prosinac",
    "bs": "januar jan januara | februar feb februara | mart mar marta | april apr aprila | maj maja | juni jun juna "
    "| juli jul jula | august aug augusta avgust | septembar sep septembra sept | oktobar okt oktobra | "
    "novembar nov novembra | decembar dec decembra",
    "sr": "јануар јан јануара | фебруар феб фебруара | март мар марта | април апр априла | мај маја | јун јуна јуни "
    "| јул јула јули | август авг августа | септембар сеп септембра септ | октобар окт октобра | новембар нов "
    "новембра | децембар дец децембра",
    "sr-latn": "januar jan januara | februar feb februara | mart mar marta | april apr aprila | maj maja | jun juna | "
    "jul jula | avgust avg avgusta | septembar sep septembra sept | oktobar okt oktobra | novembar nov "
    "novembra | decembar dec decembra",
    "mk": "јануари јан | февруари фев | март мар | април апр | мај | јуни јун | јули јул | август авг | септември "
    "сеп септ | октомври окт | ноември ное | декември дек",
    "bg": "януари яну | февруари фев | март мар | април апр | май | юни | юли | август авг | септември сеп септ "
    "| октомври окт | ноември ное | декември дек",
    "ru": "января янв январь | февраля февр февраль фев | марта мар март | апреля апр апрель | мая май | июня июн "
    "июнь | июля июл июль | августа авг август | сентября сент сентябрь сен | октября окт октябрь | ноября "
    "нояб ноябрь ноя | декабря дек декабрь",
    "uk": "січня січ січень | лютого лют лютий | березня бер березень | квітня квіт квітень | травня трав травень | "
    "червня черв червень | липня лип липень | серпня серп серпень | вересня вер вересень | жовтня жовт "
    "жовтень | листопада лист листопад | грудня груд грудень",
    "be": "студзеня сту студзень | лютага лют люты | сакавіка сак сакавік | красавіка кра красавік | мая май | "
    "чэрвеня чэр чэрвень | ліпеня ліп ліпень | жніўня жні жнівень | верасня вер верасень | кастрычніка кас "
    "кастрычнік | лістапада ліс лістапад | снежня сне снежань",
    "ro": "ianuarie ian | februarie feb | martie mar | aprilie apr | mai | iunie iun | iulie iul | august aug | "
    "septembrie sept sep | octombrie oct | noiembrie nov noi | decembrie dec",
    "hu": "január jan | február febr | március márc | április ápr | május máj | június jún | július júl | augusztus "
    "aug | szeptember szept sze szep | október okt | november nov | december dec",
    "el": "ιανουαρίου ιαν ιανουάριος | φεβρουαρίου φεβ φεβρουάριος | μαρτίου μαρ μάρτιος | απριλίου απρ απρίλιος | "
    "μαΐου μαΐ μάιος | ιουνίου ιουν ιούνιος | ιουλίου ιουλ ιούλιος | αυγούστου αυγ αύγουστος | σεπτεμβρίου "
    "σεπ σεπτέμβριος σεπτ | οκτωβρίου οκτ οκτώβριος | νοεμβρίου νοε νοέμβριος | δεκεμβρίου δεκ δεκέμβριος",
    "tr": "ocak oca | şubat şub | mart mar | nisan nis | mayıs may | haziran haz | temmuz tem | ağustos ağu | eylül "
    "eyl | ekim eki | kasım kas | aralık ara",
    "sq": "janar jan janari | shkurt shk shkurti | mars mar marsi | prill pri prilli | maj maji | qershor qer "
    "qershori | korrik korr korriku | gusht gush gushti | shtator sht shtatori | tetor tet tetori | nëntor "
    "nën nëntori | dhjetor dhj dhjetori",
    "mt": "jannar jan | frar fra | marzu mar | april apr | mejju mej | ġunju ġun | lulju lul | awwissu aww | "
    "settembru set | ottubru ott | novembru nov | diċembru diċ",
    "ga": "eanáir ean | feabhra feabh | márta | aibreán aib | bealtaine beal | meitheamh meith | iúil | lúnasa lún "
    "| mfómh | dfómh | samhain samh samhna | nollaig noll nollag",
    "cy": "ionawr ion | chwefror chwef chw | mawrth maw | ebrill ebr | mai | mehefin meh | gorffennaf gorff gor | "
    "awst | medi | hydref hyd | tachwedd tach | rhagfyr rhag",
    "ca": "gener gen | febrer febr | març | abril abr | maig | juny | juliol jul | agost | setembre set | "
    "octubre oct | novembre nov | desembre des",
    "gl": "xaneiro xan | febreiro feb | marzo mar | abril abr | maio | xuño | xullo xul | agosto ago | setembro set "
    "| outubro out | novembro nov | decembro dec",
    "eu": "urtarrila urt urtarrilaren urtarrilak | otsaila ots otsailaren otsailak | martxoa mar martxoaren "
    "martxoak | apirila api apirilaren apirilak | maiatza mai maiatzaren maiatzak | ekaina eka ekainaren "
    "ekainak | uztaila uzt uztailaren uztailak | abuztua abu abuztuaren abuztuak | iraila ira irailaren "
    "irailak | urria urr urriaren urriak | azaroa aza azaroaren azaroak | abendua abe abenduaren abenduak",
    "lb": "januar jan | februar feb | mäerz mäe | abrëll abr | mee | juni jun | juli jul | august aug | september "
    "sep | oktober okt | november nov | dezember dez",
    "hy": "հունվարի հնվ հունվար | փետրվարի փտվ փետրվար | մարտի մրտ մարտ | ապրիլի ապր ապրիլ | մայիսի մյս մայիս | "
    "հունիսի հնս հունիս | հուլիսի հլս հուլիս | օգոստոսի օգս օգոստոս | սեպտեմբերի սեպ սեպտեմբեր | հոկտեմբերի "
    "հոկ հոկտեմբեր | նոյեմբերի նոյ նոյեմբեր | դեկտեմբերի դեկ դեկտեմբեր",
    "ka": "იანვარი იან იანვრის | თებერვალი თებ თებერვლის | მარტი მარ მარტის | აპრილი აპრ აპრილის | მაისი მაი მაისის "
    "| ივნისი ივნ ივნისის | ივლისი ივლ ივლისის | აგვისტო აგვ აგვისტოს | სექტემბერი სექ სექტემბრის | ოქტომბერი "
    "ოქტ ოქტომბრის | ნოემბერი ნოე ნოემბრის | დეკემბერი დეკ დეკემბრის",
    "az": "yanvar yan | fevral fev | mart mar | aprel apr | may | iyun iyn | iyul iyl | avqust avq | sentyabr sen | "
    "oktyabr okt | noyabr noy | dekabr dek",
}
"""The names of the twelve months, January first, by language (ISO 639-1)."""

WEEKDAYS: Final = (
    "al an antradienis aoine ar asteartea asteazkena astelehena az car carsamba cead ceadaoin cet cetrtek ceturtd "
    "ceturtdiena cetvrtak cmt cs csutortok ct ctvrtek cum cuma cumartesi czw czwartek dc dear deardaoin den denschdeg "
    "dg di die diel dienstag dijous dilluns dim dimanche dimarts dimecres dinsdag dissabte diumenge divendres dj dl "
    "do dom domenica domh domhnaigh domingo don donderdag donnerstag donneschdeg ds dt dum duminica dv enj enjte erb "
    "esmaspaev fim fimmtudagur fos fostudagur fr fre fredag freideg freitag friggjadagur gim gio giovedi gwe gwen "
    "gwener haoine hen hene hetfo hos hosdagur iau ig igandea jeu jeudi joi jue jueves ke kedd keskiviikko "
    "keskiviikkona ketvirtadienis kolmapaev kt la larunbata lau lauantai lauantaina laugardagur laupaev laurdag ley "
    "leygardagur llun lor lordag lr luain luan lun lundi lunedi lunes luni luns ma maanantai maanantaina maandag "
    "mairt man manadagur mandag manudagur mar mardi marte martedi martes marti maw mawrth mei meindeg mer mercher "
    "mercoledi mercores mercredi merkure met mettwoch mi mie miercoles miercuri mik mikudagur mittwoch mið "
    "miðvikudagur mo montag ne ned nedela nedele nedelja nedjelja neljapaev niedz niedziela og on ons onsdag or "
    "osteguna ostirala otrd otrdiena pa patek paz pazar pazartesi pe penktadienis pentek per perjantai perjantaina "
    "persembe pet petak petek pi piatek piatok piektd piektdiena pirmadienis pirmd pirmdiena pn po pon pondeli "
    "pondelok ponedeljak ponedeljek ponedjeljak poniedzialek pr pre premte pt puhapaev pzt qua quarta-feira qui "
    "quinta-feira reede sa sab sabado sabato sad sadwrn sal sali sam sambata samedi samschdeg samstag sath sathairn "
    "seg segunda-feira sekmadienis sestadienis sestd sestdiena sex sexta-feira sht shtune sib sk so sob sobota son "
    "sondag sonnabend sonndeg sonntag sr sre sreda sri srijeda sroda st streda stvrtok su sub subota sul sunnudagur "
    "sunnuntai svetd svetdiena sze szerda szo szombat teisipaev ter terca-feira ti tiistai tiistaina tir tirs tirsdag "
    "tis tisdag tli tne to tor torek tors torsdag torstai torstaina tr treciadienis tresd tresdiena ty tys tysdag "
    "tysdagur ut utery uto utorak utorok vasarnap ven vendredi venerdi venres vie viernes vin vineri vr vrijdag wo "
    "woensdag wt wtorek xov xoves za zaterdag zo zondag þri þriðjudagur ħad ħam δευ δευτερα κυρ κυριακη παρ παρασκευη "
    "πεμ πεμπτη σαβ σαββατο τετ τεταρτη τρι τριτη ау ауторак воскресенье вс вт вто вторник вівторок нд нед недела "
    "неделя недеља неділя нядзеля п'ятниця панядзелак пет петак петок петък пн пон понеделник понедельник понедељак "
    "понеділок пт пятница пятніца саб сабота сб серада середа ср сре среда сряда суб суббота субота събота уто уторак "
    "чацвер чет четвер четверг четвртак четврток четвъртък чт чц"
)
"""Names of weekdays without accents, in all languages except English."""
